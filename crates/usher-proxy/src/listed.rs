//! What a request that passes names of the library: where a list is to begin, which items it is to hold, and which are
//! shown to others. Jellyfin lists some of these to users who may not see them (contract, "Listings leak").
use usher_domain::id::ItemId;

use crate::query;
use crate::refusal::Refusal;
use crate::rules::{Listed, Visit};

/// Stands where nothing is left of a list of ids: none at all would mean everything.
const NO_ITEM: &str = "ffffffffffffffffffffffffffffffff";

/// The shortest form in which Jellyfin reads an id, in letters; its lists have shorter names.
const ID_MIN: usize = 32;

/// What Jellyfin takes for "no folder".
const NO_FOLDER: &str = "00000000000000000000000000000000";

/// What a request names; `None` for nothing: nearly every request.
pub(crate) fn named(visit: &Visit) -> Result<Option<Listed>, Refusal> {
    let (query, folded) = (visit.query.as_deref(), visit.path.folded());
    let played = folded.split_once("/playingitems/");
    let program = program_of(folded);
    let single = single_item(folded);
    if query.is_none() && played.is_none() && program.is_none() && single.is_none() {
        return Ok(None);
    }
    let played = played.and_then(|(_, item)| item.split('/').next());
    let mut listed = Listed {
        parent: query::value(query, "parentId")?.filter(|parent| !is_no_folder(parent)),
        ids: query::list(query, "ids"),
        items: played.or(program).map(str::to_owned).into_iter().collect(),
        live: query::list(query, "channelIds"),
        user: None,
    };
    listed.live.extend(single.map(str::to_owned));
    if folded == "/livetv/timers/defaults" {
        listed.items.extend(query::list(query, "programId"));
    }
    if folded.starts_with("/sessions/") {
        listed.items.extend(query::list(query, "itemId"));
        listed.items.extend(query::list(query, "itemIds"));
    }
    let lists = [&listed.ids, &listed.items, &listed.live];
    if listed.parent.is_none() && lists.into_iter().all(Vec::is_empty) {
        return Ok(None);
    }
    let in_path = folded.strip_prefix("/users/");
    let user = match in_path.and_then(|rest| rest.split_once('/')) {
        Some((user, _)) => Some(user.to_owned()),
        None => query::value(query, "userId")?,
    };
    listed.user = user.and_then(|user| user.parse().ok());
    Ok(Some(listed))
}

/// The program that a guide is asked for by its id: Jellyfin shows any, and films too.
fn program_of(folded: &str) -> Option<&str> {
    let rest = folded.strip_prefix("/livetv/programs/")?;
    let id = rest.split('/').next().filter(|id| !id.is_empty())?;
    (id != "recommended").then_some(id)
}

/// The item that is asked for by itself, and not by the name of a list.
fn single_item(folded: &str) -> Option<&str> {
    let id = match folded.strip_prefix("/users/") {
        Some(rest) => rest.split_once('/')?.1.strip_prefix("items/")?,
        None => folded.strip_prefix("/items/")?,
    };
    (id.len() >= ID_MIN && !id.contains('/')).then_some(id)
}

/// The query with no other `ids` than these.
pub(crate) fn with_ids(query: &str, ids: &[ItemId]) -> String {
    let ids: Vec<String> = ids.iter().map(ItemId::to_string).collect();
    let ids = if ids.is_empty() {
        NO_ITEM.to_owned()
    } else {
        ids.join(",")
    };
    let others = query.split('&').filter(|pair| {
        let key = pair.split('=').next().unwrap_or_default();
        !query::form_decoded(key).eq_ignore_ascii_case("ids")
    });
    let others = others.fold(String::new(), |text, pair| text + pair + "&");
    format!("{others}ids={ids}")
}

fn is_no_folder(text: &str) -> bool {
    text.parse::<ItemId>()
        .is_ok_and(|id| id.to_string() == NO_FOLDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_told_from_the_name_of_a_list() {
        let id = "0123456789abcdef0123456789abcdef";
        for (path, single) in [
            (format!("/items/{id}"), Some(id)),
            (format!("/users/1/items/{id}"), Some(id)),
            (format!("/items/{id}/similar"), None),
            ("/users/1/items/latest".to_owned(), None),
            ("/items/filters2".to_owned(), None),
            (format!("/users/{id}"), None),
        ] {
            assert_eq!(single_item(&path), single, "{path}");
        }
    }

    #[test]
    fn ids_are_replaced_however_they_are_written() {
        let id: ItemId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        assert_eq!(
            with_ids("Ids=1&a=b%20c&%69ds=2,3", &[id, id]),
            format!("a=b%20c&ids={id},{id}")
        );
        assert_eq!(with_ids("ids=1", &[]), format!("ids={NO_ITEM}"));
    }
}
