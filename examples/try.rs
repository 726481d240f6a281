use standpoint::classes::Task;
use standpoint::classifier::*;
use standpoint::corpus::*;
use standpoint::evaluate::evaluate_held_out;
use standpoint::features::*;
use standpoint::logistic::ClassWeight;
use standpoint::vectors::WordVectors;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let corpus = read_labelled(&[args[0].clone().into()], &ReadOptions::default())?;
    let vectors = match args[1].as_str() {
        "none" => None,
        file => Some(WordVectors::read(Path::new(file))?),
    };
    let classes = classes_of(&corpus.rows, Task::Infer, &BTreeMap::new())?;
    let data = prepare(corpus.rows, &classes, &BTreeMap::new(), None)?;
    let known = WordTable::default();
    let source = match &vectors {
        Some(v) => WordSource::Vectors(v),
        None => WordSource::Lexicon { known: &known },
    };
    let table = Arc::new(word_table(
        source,
        None,
        data.rows.iter().map(|r| r.text.as_str()),
    ));
    for spec in &args[2..] {
        let mut params = TrainParams {
            words: table.clone(),
            ..Default::default()
        };
        let mut names = Vec::new();
        for word in spec.split(',') {
            match word.split_once('=') {
                Some(("l2", v)) => params.l2 = v.parse()?,
                Some(("seed", v)) => params.seed = v.parse()?,
                Some(("mindf", v)) => params.featurizer.min_df = v.parse()?,
                Some(("balanced", _)) => params.class_weight = ClassWeight::Balanced,
                _ => names.push(word.to_string()),
            }
        }
        params.featurizer.families = choose_families(&names)?;
        let start = std::time::Instant::now();
        let held = cross_validate(&data, &classes, &params, &|| ())?.unwrap();
        let e = evaluate_held_out(&held, &data, None, &classes, 0.95, 1);
        let ll: f64 = held
            .probabilities
            .iter()
            .zip(&data.rows)
            .map(|(p, r)| -p.values()[r.class].ln())
            .sum::<f64>()
            / data.rows.len() as f64;
        let mut by_text: BTreeMap<&str, usize> = BTreeMap::new();
        for r in &data.rows {
            *by_text.entry(&r.text).or_default() += 1;
        }
        let k = classes.len();
        let mut tp = vec![0.0; k];
        let mut fp = vec![0.0; k];
        let mut fn_ = vec![0.0; k];
        for (p, r) in held.probabilities.iter().zip(&data.rows) {
            if by_text[r.text.as_str()] < 2 {
                continue;
            }
            let h = p.hard();
            if h == r.class {
                tp[h] += 1.0
            } else {
                fp[h] += 1.0;
                fn_[r.class] += 1.0
            }
        }
        let mt: f64 = (0..k)
            .map(|c| 2.0 * tp[c] / (2.0 * tp[c] + fp[c] + fn_[c]))
            .sum::<f64>()
            / k as f64;
        let n_mt: f64 = tp.iter().sum::<f64>() + fn_.iter().sum::<f64>();
        print!("mt {mt:.4} (n {n_mt}) ");
        println!(
            "{:.4} acc {:.4} ll {:.4} {:.1}s  {spec}",
            e.macro_f1.value.unwrap(),
            e.accuracy.value.unwrap(),
            ll,
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
