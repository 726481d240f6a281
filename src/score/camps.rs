//! Which camp a speaker belongs to, by the user's list.
//!
//! In: [`ListedSpeaker`]s. Out: for a speaker's name as an article gives it, the [`Membership`]. The same name decides first; else
//! everybody on the list whom the name may mean, if they are all of one camp ([`SpeakerName::may_mean`]). However long the list,
//! a name is looked up, not compared with all.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use crate::corpus::{ListedSpeaker, read_speakers};
use crate::error::{Error, Result};
use crate::span::Location;
use crate::text::{NameKey, SpeakerName};

/// Speakers and their camps.
#[derive(Debug, Clone)]
pub struct Camps {
    /// Sorted.
    names: Vec<String>,
    speakers: Vec<Speaker>,
    groups: Vec<Group>,
    /// What speakers are known as -> those who are.
    by_key: HashMap<NameKey, usize>,
}

#[derive(Debug, Clone)]
struct Speaker {
    /// As listed.
    listed: String,
    /// Index of the camp.
    camp: usize,
    /// The groups the speaker is in.
    groups: Vec<usize>,
}

/// The speakers known by one [`NameKey`].
#[derive(Debug, Clone)]
struct Group {
    /// The first of them.
    speaker: usize,
    /// Their camp; `None` where they are of several.
    camp: Option<usize>,
}

/// What a list says of a speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// Of a camp.
    Camp {
        /// Index into [`Camps::names`].
        camp: usize,
        /// The groups of listed speakers who may be meant, all of that camp; see [`Camps::never_heard`].
        groups: Vec<usize>,
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
            groups: Vec::new(),
            by_key: HashMap::new(),
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
            let whole = NameKey::Whole(name.whole().to_string());
            if let Some(&before) = camps.by_key.get(&whole) {
                let first = first_listed[camps.groups[before].speaker];
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
            first_listed.push(one);
            camps.list(one, &name);
        }
        Ok(camps)
    }

    fn list(&mut self, one: &ListedSpeaker, name: &SpeakerName) {
        let speaker = self.speakers.len();
        let camp = self.names.binary_search(&one.camp);
        let camp = camp.expect("names are those of all listed");
        let mut groups = Vec::new();
        for key in name.known_as() {
            let group = *self.by_key.entry(key).or_insert_with(|| {
                let camp = Some(camp);
                self.groups.push(Group { speaker, camp });
                self.groups.len() - 1
            });
            let of_group = &mut self.groups[group].camp;
            *of_group = of_group.filter(|&before| before == camp);
            groups.push(group);
        }
        self.speakers.push(Speaker {
            listed: one.speaker.clone(),
            camp,
            groups,
        });
    }

    /// The camps, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many speakers are listed.
    pub fn n_speakers(&self) -> usize {
        self.speakers.len()
    }

    /// The speakers of whose groups none is in `heard`, as listed, sorted.
    pub fn never_heard(&self, heard: &BTreeSet<usize>) -> Vec<String> {
        let mut never: Vec<String> = self
            .speakers
            .iter()
            .filter(|speaker| !speaker.groups.iter().any(|group| heard.contains(group)))
            .map(|speaker| speaker.listed.clone())
            .collect();
        never.sort();
        never
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
        let mut groups = Vec::new();
        let mut camps = Vec::new();
        for key in name.may_mean() {
            let Some(&group) = self.by_key.get(&key) else {
                continue;
            };
            groups.push(group);
            camps.push(self.groups[group].camp);
            if matches!(key, NameKey::Whole(_)) {
                break; // the same name decides
            }
        }
        match camps.split_first() {
            None => Membership::NotListed,
            Some((&Some(camp), rest)) if rest.iter().all(|&other| other == Some(camp)) => {
                Membership::Camp { camp, groups }
            }
            Some(_) => Membership::Unclear,
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
        assert_eq!(twice.expect("no contradiction").n_speakers(), 1);
    }
}
