//! Which camp a speaker belongs to, by the user's list.
//!
//! In: [`ListedSpeaker`]s. Out: for a speaker's name as an article gives it, the [`Membership`]. The same name decides first; else
//! everybody on the list whom the name may mean, if they are all of one camp ([`SpeakerName::may_be`]).

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::corpus::{ListedSpeaker, read_speakers};
use crate::error::{Error, Result};
use crate::span::Location;
use crate::text::SpeakerName;

/// Speakers and their camps.
#[derive(Debug, Clone)]
pub struct Camps {
    /// Sorted.
    names: Vec<String>,
    speakers: Vec<Speaker>,
    /// Whole name -> speaker.
    by_whole: HashMap<String, usize>,
    /// Family name -> speakers.
    by_family: HashMap<String, Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Speaker {
    /// As listed.
    listed: String,
    name: SpeakerName,
    /// Index of the camp.
    camp: usize,
}

/// What a list says of a speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// Of a camp; `speakers` are those of the list who may be meant, several only where they are of one camp.
    Camp {
        /// Index into [`Camps::names`].
        camp: usize,
        /// Indices into [`Camps::speakers`].
        speakers: Vec<usize>,
    },
    /// May be several speakers of different camps.
    Unclear,
    /// Not on the list.
    NotListed,
}

impl Camps {
    /// Reads the list at `path`; see [`read_speakers`] and [`Camps::new`].
    pub fn read(path: &Path, columns: &BTreeMap<String, String>) -> Result<Camps> {
        Camps::new(read_speakers(path, columns)?)
    }

    /// The list that a run carries ([`Camps::lists`]); `file` is named in errors.
    pub fn from_lists(lists: &BTreeMap<String, Vec<String>>, file: &str) -> Result<Camps> {
        let listed = lists.iter().flat_map(|(camp, speakers)| {
            speakers.iter().map(|speaker| ListedSpeaker {
                location: Location::line(file, 1),
                speaker: speaker.clone(),
                camp: camp.clone(),
            })
        });
        Camps::new(listed.collect())
    }

    /// Prepares the search. A speaker listed twice in one camp counts once.
    ///
    /// Errors: a name without a letter, a name under two camps, a camp whose name is written in two ways.
    pub fn new(listed: Vec<ListedSpeaker>) -> Result<Camps> {
        let mut names: Vec<String> = listed.iter().map(|one| one.camp.clone()).collect();
        names.sort();
        names.dedup();
        let mut first_written: HashMap<String, &ListedSpeaker> = HashMap::new();
        let mut first_listed: Vec<&ListedSpeaker> = Vec::new();
        let mut camps = Camps {
            names,
            speakers: Vec::new(),
            by_whole: HashMap::new(),
            by_family: HashMap::new(),
        };
        for one in &listed {
            let first = *first_written.entry(one.camp.to_lowercase()).or_insert(one);
            if first.camp != one.camp {
                return Err(Error::input(
                    one.location.clone(),
                    format!(
                        "the camp \"{}\" is written \"{}\" {}; write it one way",
                        one.camp,
                        first.camp,
                        on_line(&first.location)
                    ),
                ));
            }
            let Some(name) = SpeakerName::read(&one.speaker) else {
                return Err(Error::input(
                    one.location.clone(),
                    format!("\"{}\" is no name; a speaker needs a letter", one.speaker),
                ));
            };
            if let Some(&before) = camps.by_whole.get(name.whole()) {
                let first = first_listed[before];
                if first.camp == one.camp {
                    continue;
                }
                return Err(Error::input(
                    one.location.clone(),
                    format!(
                        "\"{}\" is in the camp \"{}\" here, and \"{}\" in \"{}\" {}; a speaker has one camp",
                        one.speaker,
                        one.camp,
                        first.speaker,
                        first.camp,
                        on_line(&first.location)
                    ),
                ));
            }
            let index = camps.speakers.len();
            camps.by_whole.insert(name.whole().to_string(), index);
            if let Some(family) = name.family() {
                let of_family = camps.by_family.entry(family.to_string()).or_default();
                of_family.push(index);
            }
            first_listed.push(one);
            camps.speakers.push(Speaker {
                listed: one.speaker.clone(),
                name,
                camp: camps
                    .names
                    .binary_search(&one.camp)
                    .expect("collected above"),
            });
        }
        Ok(camps)
    }

    /// The camps, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The speakers as listed.
    pub fn speakers(&self) -> impl Iterator<Item = &str> {
        self.speakers.iter().map(|speaker| speaker.listed.as_str())
    }

    /// Camp -> speakers as listed: what a score file says about its list.
    pub fn lists(&self) -> BTreeMap<String, Vec<String>> {
        let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for speaker in &self.speakers {
            let of_camp = lists.entry(self.names[speaker.camp].clone()).or_default();
            of_camp.push(speaker.listed.clone());
        }
        lists
    }

    /// What the list says of `speaker`, a name as an article gives it.
    pub fn find(&self, speaker: &str) -> Membership {
        let Some(name) = SpeakerName::read(speaker) else {
            return Membership::NotListed;
        };
        if let Some(&index) = self.by_whole.get(name.whole()) {
            return Membership::Camp {
                camp: self.speakers[index].camp,
                speakers: vec![index],
            };
        }
        let family = name.family().unwrap_or(name.whole());
        let meant: Vec<usize> = self
            .by_family
            .get(family)
            .into_iter()
            .flatten()
            .copied()
            .filter(|&index| name.may_be(&self.speakers[index].name))
            .collect();
        match meant.split_first() {
            None => Membership::NotListed,
            Some((&first, rest)) => {
                let camp = self.speakers[first].camp;
                match rest.iter().all(|&one| self.speakers[one].camp == camp) {
                    true => Membership::Camp {
                        camp,
                        speakers: meant,
                    },
                    false => Membership::Unclear,
                }
            }
        }
    }

    /// The camp of `speaker`, if the list tells it.
    pub fn camp_of(&self, speaker: &str) -> Option<&str> {
        match self.find(speaker) {
            Membership::Camp { camp, .. } => Some(&self.names[camp]),
            Membership::Unclear | Membership::NotListed => None,
        }
    }
}

fn on_line(location: &Location) -> String {
    location
        .line
        .map_or(String::new(), |line| format!("on line {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camps(rows: &[(&str, &str)]) -> Result<Camps> {
        let listed = rows.iter().zip(2..).map(|(&(speaker, camp), line)| {
            let location = Location::line("F", line);
            let (speaker, camp) = (speaker.to_string(), camp.to_string());
            ListedSpeaker {
                location,
                speaker,
                camp,
            }
        });
        Camps::new(listed.collect())
    }

    #[test]
    fn a_family_name_decides_where_only_one_camp_can_be_meant() {
        let camps = camps(&[
            ("Sen. Ida Holt", "critics"),
            ("Tom Holt", "defenders"),
            ("Paul Orr", "critics"),
            ("Vera Orr", "critics"),
            ("Lena Marsh", "defenders"),
            ("Lena Q. Marsh", "critics"),
            ("Open Docks", "critics"),
        ])
        .expect("a good list");
        assert_eq!(camps.names(), ["critics", "defenders"]);
        let rows = [
            ("Ida Holt", Some("critics")),
            ("Tom Holt", Some("defenders")),
            ("Holt", None),
            ("Orr", Some("critics")),
            ("Lena Marsh", Some("defenders")),
            ("Lena Q. Marsh", Some("critics")),
            ("Open Docks", Some("critics")),
            ("Una Holt", None),
            ("", None),
        ];
        for (speaker, expected) in rows {
            assert_eq!(camps.camp_of(speaker), expected, "{speaker}");
        }
        assert_eq!(camps.find("Holt"), Membership::Unclear);
        assert_eq!(camps.find("Una Holt"), Membership::NotListed);
    }

    #[test]
    fn contradictions_are_errors_with_their_lines() {
        let rows: [(&[(&str, &str)], &str); 3] = [
            (
                &[("Ida Holt", "critics"), ("Sen. IDA HOLT", "defenders")],
                "F:3: \"Sen. IDA HOLT\" is in the camp \"defenders\" here, and \"Ida Holt\" in \"critics\" on line 2; a speaker has one camp",
            ),
            (
                &[("Ida Holt", "critics"), ("Paul Orr", "Critics")],
                "F:3: the camp \"Critics\" is written \"critics\" on line 2; write it one way",
            ),
            (
                &[("--", "critics")],
                "F:2: \"--\" is no name; a speaker needs a letter",
            ),
        ];
        for (listed, message) in rows {
            assert_eq!(
                camps(listed).expect_err("contradicts itself").to_string(),
                message
            );
        }
        let twice = camps(&[("Ida Holt", "critics"), ("Ida Holt", "critics")]);
        assert_eq!(twice.expect("no contradiction").speakers().count(), 1);
    }
}
