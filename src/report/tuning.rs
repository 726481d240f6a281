//! What a search for a setting tried and took, as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::table::{Width, table, wrapped};
use crate::classifier::{INNER_FOLDS, Search, Setting, TIE};
use crate::logistic::ClassWeight;

fn left_out(setting: &Setting) -> String {
    let groups: Vec<&str> = setting.left_out.iter().copied().collect();
    match groups.is_empty() {
        true => "none".to_string(),
        false => groups.join(", "),
    }
}

fn class_weight(setting: &Setting) -> &'static str {
    match setting.class_weight {
        ClassWeight::None => "none",
        ClassWeight::Balanced => "balanced",
    }
}

fn described(setting: &Setting) -> String {
    format!(
        "l2 {}, class weights {}, min-df {}, without {}",
        setting.l2,
        class_weight(setting),
        setting.min_df,
        left_out(setting)
    )
}

/// A table of the settings tried, and what the outer folds took.
pub fn tuning_text(search: &Search, by_fold: &[Setting], width: Width) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\nSettings tried, {INNER_FOLDS} folds\n");
    let rows = search
        .trials
        .iter()
        .enumerate()
        .map(|(i, trial)| {
            let mark = if i == search.chosen { " *" } else { "" };
            vec![
                format!("{}{mark}", trial.setting.l2),
                class_weight(&trial.setting).to_string(),
                trial.setting.min_df.to_string(),
                left_out(&trial.setting),
                format!("{:.4}", trial.log_loss),
            ]
        })
        .collect();
    let headers = [
        "l2",
        "class weights",
        "min-df",
        "families left out",
        "log loss",
    ];
    text.push_str(&table(width, &headers, &[0, 1, 3], rows));
    text.push_str(&wrapped(
        width,
        0,
        &format!(
            "* taken: the simplest whose log loss is within {TIE} of the least. The log losses of this table chose it and flatter it; \
             the figures below come from searches that did not know the rows they are tested on."
        ),
    ));
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for setting in by_fold {
        *taken.entry(described(setting)).or_default() += 1;
    }
    text.push_str("\nTaken in the outer folds\n");
    for (setting, n) in taken {
        let _ = writeln!(text, "  {n} x {setting}");
    }
    text
}
