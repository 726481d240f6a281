//! Lists of outlets: which group each belongs to.
//!
//! In: a table (CSV, TSV, JSONL) with the columns `outlet` and `group`. Out: the group of each outlet, names as written.

use std::collections::BTreeMap;
use std::path::Path;

use super::columns::{Columns, GROUP_COLUMNS, Rows};
use super::input::Progress;
use super::source::find_table;
use super::table::Failure;
use crate::error::{InputProblem, Result};
use crate::span::Location;

/// Reads the list at `path`: outlet -> its group.
///
/// Errors: a file that cannot be read, a missing column, a row without outlet or group, an outlet in two groups.
pub fn read_groups(path: &Path) -> Result<BTreeMap<String, String>> {
    let source = find_table(path, "")?;
    let columns = Columns::new(&GROUP_COLUMNS, &BTreeMap::new())?;
    let mut groups: BTreeMap<String, (String, Location)> = BTreeMap::new();
    for record in Rows::open(&source, &columns, &Progress::default())? {
        let mut record = match record {
            Ok(record) => record,
            Err(Failure::Record(problem)) => return Err(problem.into()),
            Err(Failure::File(error)) => return Err(error),
        };
        let Some(outlet) = columns.take_name(&mut record, "outlet")? else {
            return Err(columns.row_lacks(&record, "outlet").into());
        };
        let Some(group) = columns.take_name(&mut record, "group")? else {
            return Err(columns.row_lacks(&record, "group").into());
        };
        if let Some((other, at)) = groups.get(&outlet) {
            if *other != group {
                return Err(InputProblem {
                    problem: format!(
                        "\"{outlet}\" is in the group \"{group}\" here and in \"{other}\" at {at}; an outlet has one group"
                    ),
                    location: record.location,
                }
                .into());
            }
            continue;
        }
        groups.insert(outlet, (group, record.location));
    }
    let groups = groups.into_iter();
    Ok(groups.map(|(outlet, (group, _))| (outlet, group)).collect())
}
