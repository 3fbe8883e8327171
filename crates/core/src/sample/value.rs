//! One value: an SQL literal that fits a column and reads well under its name.

use super::dice::Dice;
use super::words::{self, Use};
use crate::document::ColumnType;
use crate::tables::{Column, Table};

/// Where a value goes.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) table: &'a Table,
    pub(super) column: &'a Column,
    /// The row, from 0.
    pub(super) row: usize,
    /// How often it has been tried already; other tries give other values.
    pub(super) attempt: usize,
}

impl Place<'_> {
    /// A running number that goes on with each try.
    fn number(self) -> usize {
        self.row + self.attempt * 7
    }

    fn dice(self) -> Dice {
        Dice::new(&[&self.table.name, &self.column.name], self.number())
    }

    /// The words of the field's name.
    fn words(self) -> Vec<String> {
        split(&self.column.field)
    }

    fn is(self, names: &[&str]) -> bool {
        self.words().iter().any(|word| names.contains(&word.as_str()))
    }
}

/// The words of a name in either style: `first_name`, `BlogPost`.
pub(super) fn split(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut before = '_';
    for letter in name.chars() {
        let starts = !before.is_alphanumeric() || (letter.is_uppercase() && before.is_lowercase());
        if letter.is_alphanumeric() {
            match out.last_mut().filter(|_| !starts) {
                Some(word) => word.extend(letter.to_lowercase()),
                None => out.push(letter.to_lowercase().collect()),
            }
        }
        before = letter;
    }
    out
}

/// A text as an SQL literal.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A literal for the place. Never NULL.
pub(super) fn literal(place: Place<'_>) -> String {
    let dice = place.dice();
    if let Some(choice) = dice.pick(&place.column.choices) {
        return choice.clone();
    }
    match &place.column.ty {
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => {
            integer(place).to_string()
        }
        ColumnType::SmallIntUnsigned | ColumnType::IntegerUnsigned | ColumnType::BigIntUnsigned => {
            integer(place).to_string()
        }
        ColumnType::Varchar(length) => text(place, length.map(|length| length as usize)),
        ColumnType::Char(length) => text(place, Some(*length as usize)),
        // A key whose model is not there.
        ColumnType::Unknown(class) if class.is_empty() => integer(place).to_string(),
        ColumnType::Text | ColumnType::Unknown(_) => text(place, None),
        ColumnType::Boolean => boolean(place).into(),
        ColumnType::Decimal(bounds) => decimal(place, bounds.unwrap_or((10, 2))),
        ColumnType::Float => format!("{}.{}", integer(place), 1 + dice.below(9)),
        ColumnType::Date => quoted(&date(place)),
        ColumnType::DateTime => quoted(&format!("{} {}", date(place), time(place))),
        ColumnType::Time => quoted(&time(place)),
        // Microseconds.
        ColumnType::Duration => {
            (900_000_000u64 * (1 + dice.below(8) as u64 + place.attempt as u64)).to_string()
        }
        ColumnType::Json => quoted(if place.row.is_multiple_of(2) {
            "{\"checked\": true}"
        } else {
            "{\"checked\": false}"
        }),
        ColumnType::Binary => format!("X'{:04X}'", 0x1000 + place.number()),
        ColumnType::Uuid => quoted(&uuid(&dice)),
        ColumnType::Ip => quoted(&format!("192.0.2.{}", 1 + place.number() % 254)),
    }
}

fn uuid(dice: &Dice) -> String {
    let (a, b) = (dice.roll(0), dice.roll(1));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}

fn boolean(place: Place<'_>) -> &'static str {
    let often = place.is(&[
        "active",
        "published",
        "approved",
        "available",
        "enabled",
        "verified",
        "public",
        "vegetarian",
        "paid",
        "visible",
    ]);
    let seldom = place.is(&[
        "deleted",
        "archived",
        "admin",
        "staff",
        "superuser",
        "banned",
        "blocked",
        "cancelled",
        "draft",
        "hidden",
    ]);
    let turn = (place.number() + 1) % 4;
    match (often, seldom) {
        (true, _) if turn > 0 => "TRUE",
        (false, true) if turn > 0 => "FALSE",
        (true, _) => "FALSE",
        (_, true) => "TRUE",
        _ if place.number().is_multiple_of(2) => "TRUE",
        _ => "FALSE",
    }
}

fn integer(place: Place<'_>) -> usize {
    let dice = place.dice();
    let between = |low: usize, high: usize| low + dice.below(high - low + 1);
    let small = place.number() + 1;
    if place.column.unique || place.table.primary_key.contains(&place.column.name) {
        return small;
    }
    if place.column.reference {
        // A key that the database does not check; it finds its row if it can.
        return between(1, 5);
    }
    // After some tries, small numbers are likelier to meet a check.
    match place.attempt {
        0..=2 => {}
        tries => return tries - 3,
    }
    match () {
        () if place.is(&["year"]) => between(1998, 2025),
        () if place.is(&["age"]) => between(19, 64),
        () if place.is(&["rating", "stars", "score", "priority", "level"]) => between(1, 5),
        () if place.is(&["credits", "ects"]) => 3 * between(1, 3),
        () if place.is(&["pages"]) => between(90, 640),
        () if place.is(&["quantity", "qty", "copies", "attempts"]) => between(1, 6),
        () if place.is(&["stock", "views", "likes", "votes", "downloads", "visits"]) => {
            between(0, 240)
        }
        () if place.is(&["seats", "capacity", "places"]) => 10 * between(2, 12),
        () if place.is(&["price", "cost", "fee"]) => between(4, 60),
        () if place.is(&["amount", "total", "budget", "balance"]) => 5 * between(2, 60),
        () if place.is(&["salary", "income"]) => 500 * between(60, 140),
        () if place.is(&[
            "order", "position", "rank", "sequence", "number", "index", "chapter", "week",
        ]) =>
        {
            small
        }
        () if place.is(&["month"]) => between(1, 12),
        () if place.is(&["day", "hour"]) => between(1, 23),
        () if place.is(&["percent", "percentage", "progress"]) => between(0, 100),
        () if place.is(&["minutes", "duration", "length", "minute"]) => 5 * between(2, 24),
        () if place.is(&["height", "weight", "size"]) => between(50, 190),
        () => between(1, 40),
    }
}

fn decimal(place: Place<'_>, (digits, places): (u32, u32)) -> String {
    let dice = place.dice();
    let whole = digits.saturating_sub(places);
    let limit = 10usize.saturating_pow(whole.min(9));
    let value = match () {
        () if place.is(&["lat", "latitude"]) => 35 + dice.below(25),
        () if place.is(&["lng", "lon", "longitude"]) => dice.below(30),
        () => integer(place),
    };
    let fraction = match () {
        () if places == 0 => String::new(),
        () if place.is(&["price", "cost", "fee"]) => {
            pad(["50", "90", "00", "25"].get(dice.below(4)).copied().unwrap_or("00"), places)
        }
        () if place.is(&["salary", "amount", "total", "budget"]) => pad("00", places),
        () => pad(&(dice.below(90) + 10).to_string(), places),
    };
    let whole = value % limit.max(1);
    if places == 0 { whole.to_string() } else { format!("{whole}.{fraction}") }
}

/// Digits cut or filled up to a length.
fn pad(digits: &str, places: u32) -> String {
    digits.chars().chain(std::iter::repeat('0')).take(places as usize).collect()
}

/// A day. Births lie back a generation; what ends comes after what begins.
fn date(place: Place<'_>) -> String {
    let dice = place.dice();
    let month_day = |months: usize| (1 + months % 12, 1 + dice.below(28));
    if place.is(&["born", "birth", "birthday", "birthdate", "dob"]) {
        let (month, day) = month_day(dice.below(12));
        return format!("{}-{month:02}-{day:02}", 1962 + dice.below(43));
    }
    let late = place.is(&[
        "end",
        "ends",
        "ended",
        "until",
        "due",
        "deadline",
        "returned",
        "finished",
        "closed",
        "completed",
        "updated",
        "modified",
        "expires",
        "checkout",
        "out",
    ]);
    let founded = place.is(&["founded", "established", "opened"]);
    let year = match (founded, late) {
        (true, _) => 1950 + dice.below(60),
        (false, true) => 2025,
        (false, false) => 2023 + (place.number() / 6) % 2,
    };
    let (month, day) = month_day(place.number() * 5 + dice.below(3));
    format!("{year}-{month:02}-{day:02}")
}

fn time(place: Place<'_>) -> String {
    let dice = place.dice();
    let late = place.is(&["end", "ends", "until", "closes"]);
    format!(
        "{:02}:{}:00",
        if late { 16 } else { 8 } + dice.below(6),
        ["00", "15", "30", "45"].get(dice.below(4)).copied().unwrap_or("00")
    )
}

/// A text within a length. Where it must be unique, later tries are numbered.
fn text(place: Place<'_>, length: Option<usize>) -> String {
    let full = phrase(place);
    let limit = length.unwrap_or(usize::MAX);
    let fits = |text: &str| text.chars().count() <= limit;
    if fits(&full) && place.attempt < 3 {
        return quoted(&full);
    }
    // Shorter ways of saying it, then the beginning with a number.
    let short = code(place);
    if limit >= 4 && fits(&short) && place.attempt < 3 && full.contains(' ') && limit < 12 {
        return quoted(&short);
    }
    let number = if place.attempt == 0 { String::new() } else { place.number().to_string() };
    let keep = limit.saturating_sub(number.len());
    let start: String = full.chars().take(keep).collect();
    quoted(&format!("{}{number}", start.trim_end()).chars().take(limit).collect::<String>())
}

/// Whom a row is about, where it is about a person: the same in each of its columns.
fn person(place: Place<'_>) -> (&'static str, &'static str) {
    let people = words::find(Use::People, "*").unwrap_or_default();
    let of = |at: usize| {
        people
            .get(at % people.len().max(1))
            .and_then(|name| name.split_once(' '))
            .unwrap_or(("Ada", "Okonkwo"))
    };
    let at = place.number();
    // Once all have been met, first names meet other last names.
    (of(at).0, of(at + at / people.len().max(1) * 5).1)
}

/// Letters that addresses can have.
fn plain(text: &str) -> String {
    let fold = |letter: char| match letter {
        'á' | 'à' | 'ã' | 'å' => 'a',
        'é' => 'e',
        'ć' | 'ç' => 'c',
        'ó' | 'ö' => 'o',
        other => other,
    };
    text.to_lowercase().chars().map(fold).collect()
}

fn slug(text: &str) -> String {
    let words: Vec<String> = plain(text)
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.join("-")
}

/// `db-101`: a short name for a row.
fn code(place: Place<'_>) -> String {
    let start: String =
        slug(&name(place)).chars().filter(char::is_ascii_alphabetic).take(2).collect();
    format!("{}-{}", start, 101 + place.number())
}

/// What the row is called.
fn name(place: Place<'_>) -> String {
    let words = split(&place.table.model);
    let at = place.number();
    let from = |pool: &[&str]| {
        let name = pool.get(at % pool.len().max(1)).copied().unwrap_or("Cedar");
        match at / pool.len().max(1) {
            0 => name.to_owned(),
            again => format!("{name} {}", again + 1),
        }
    };
    for word in words.iter().rev() {
        if words::find(Use::Person, word).is_some() {
            let (first, last) = person(place);
            return format!("{first} {last}");
        }
        if let Some(pool) = words::find(Use::Model, word) {
            return from(pool);
        }
    }
    from(words::find(Use::Model, "*").unwrap_or_default())
}

fn phrase(place: Place<'_>) -> String {
    let field = place.column.field.to_lowercase();
    let (first, last) = person(place);
    let dice = place.dice();
    let number = place.number();
    match () {
        () if field.contains("first_name")
            || field.contains("given_name")
            || field == "firstname" =>
        {
            first.into()
        }
        () if field.contains("last_name")
            || field.contains("family_name")
            || field == "lastname"
            || place.is(&["surname"]) =>
        {
            last.into()
        }
        () if place.is(&["email", "mail"]) => {
            format!("{}.{}@example.org", plain(first), plain(last))
        }
        () if place.is(&["username", "login", "nickname", "nick", "handle"]) => {
            plain(first) + &plain(last).chars().take(1).collect::<String>()
        }
        () if place.is(&["password"]) => "!".into(),
        () if place.is(&["phone", "mobile", "tel", "telephone", "fax"]) => {
            format!("+351 210 555 {:03}", 100 + number * 7)
        }
        () if place.is(&["url", "website", "homepage", "link", "site", "web"]) => {
            format!("https://example.org/{}", slug(&name(place)))
        }
        () if place.is(&[
            "avatar",
            "image",
            "photo",
            "picture",
            "cover",
            "logo",
            "file",
            "document",
            "attachment",
        ]) =>
        {
            format!("{}/{}.png", place.column.field, slug(&name(place)))
        }
        () if place.is(&["slug"]) => slug(&name(place)),
        () if place.is(&["isbn"]) => {
            format!("97800000{:05}", 10_000 + dice.below(9) * 1000 + number)
        }
        () if place.is(&[
            "sku",
            "code",
            "number",
            "reference",
            "ref",
            "serial",
            "key",
            "identifier",
            "plate",
            "barcode",
        ]) =>
        {
            code(place)
        }
        () if place.is(&["zip", "postal", "postcode", "zipcode"]) => {
            format!("{}", 10_115 + number * 317)
        }
        () if place.is(&[
            "visitor",
            "guest",
            "customer",
            "author",
            "owner",
            "teacher",
            "instructor",
            "director",
            "contact",
            "reviewer",
            "reporter",
        ]) =>
        {
            format!("{first} {last}")
        }
        () if place
            .is(&["name", "title", "label", "headline", "caption", "subject", "question"])
            && field != "subject_name" =>
        {
            name(place)
        }
        () => {
            let words = place.words();
            let pool = words.iter().rev().find_map(|word| words::find(Use::Field, word));
            match pool {
                Some(pool) => dice.pick(pool).copied().unwrap_or_default().to_owned(),
                None => name(place),
            }
        }
    }
}
