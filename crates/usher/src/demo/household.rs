//! The household of the demo: one account whose people each have a profile, made as its owner makes them.
use anyhow::{Context, Result, bail, ensure};
use usher_accounts::profiles::{MadeProfile, NewProfile, PinChange};
use usher_accounts::{Accounts, ProvenOwner};
use usher_domain::profile::limits::{DailyMinutes, Limits};
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::pin::{Pin, Watcher};
use usher_domain::profile::preferences::Preferences;
use usher_domain::profile::{AgePreset, Picture, PictureKey};
use usher_domain::secret::SecretText;

use super::factors::sign_in;
use super::people::{Person, here};

/// Name and password of the owner.
pub(super) const OWNER: (&str, &str) = ("nora", "nora-pass-1");

/// The PIN before the owner's own profile.
const OWNER_PIN: &str = "2580";

/// A seat of the household, as the demo tells of it.
#[derive(Clone, Copy)]
pub(super) struct Seat {
    pub(super) name: &'static str,
    /// For whom it is; `None` for the owner's own.
    pub(super) preset: Option<AgePreset>,
    pub(super) pin: Option<&'static str>,
    /// The drawing beside the name; `None` for the first letter.
    drawing: Option<&'static str>,
    /// Screen time on every day; `None` for no limit.
    pub(super) minutes_a_day: Option<u16>,
}

const FURTHER: [Seat; 3] = [
    Seat {
        name: "Sam",
        drawing: Some("fox"),
        preset: Some(AgePreset::Teen),
        pin: Some("1357"),
        minutes_a_day: None,
    },
    Seat {
        name: "Lina",
        drawing: Some("whale"),
        preset: Some(AgePreset::Child),
        pin: None,
        minutes_a_day: None,
    },
    Seat {
        name: "Kids",
        drawing: Some("panda"),
        preset: Some(AgePreset::Child),
        pin: None,
        minutes_a_day: Some(10),
    },
];

/// Makes the profiles of the one who has some.
pub(super) async fn furnish(accounts: &Accounts, person: &mut Person) -> Result<()> {
    let (name, password) = OWNER;
    if person.name != name {
        return Ok(());
    }
    let session = sign_in(accounts, name, &SecretText::new(password)).await?;
    let owner = Seat {
        name,
        preset: None,
        pin: Some(OWNER_PIN),
        drawing: None,
        minutes_a_day: None,
    };
    let by = accounts.proven(&session).context("the owner signed in")?;
    lock(accounts, by, Watcher::Owner, &owner).await?;
    person.seats.push(owner);
    for seat in FURTHER {
        make(accounts, by, &seat).await?;
        person.seats.push(seat);
    }
    accounts.sign_out(&session, &here()).await?;
    Ok(())
}

async fn make(accounts: &Accounts, by: ProvenOwner, seat: &Seat) -> Result<()> {
    let preset = seat.preset.unwrap_or_default();
    let screen_time = seat
        .minutes_a_day
        .map_or(DailyMinutes::UNLIMITED, DailyMinutes::every_day);
    let picture = seat
        .drawing
        .map(|key| PictureKey::parse(key).map(Picture::Drawing));
    let new = NewProfile {
        name: ProfileName::parse(seat.name)?,
        picture: picture.transpose()?,
        preset,
        limits: Limits {
            screen_time,
            ..Limits::of_preset(preset)
        },
        preferences: Preferences::default(),
    };
    let MadeProfile::Ready(profile) = accounts.make_profile(by, &new, &here()).await? else {
        bail!("{} could not be made for the demo", seat.name);
    };
    lock(accounts, by, Watcher::Profile(profile.id), seat).await
}

async fn lock(accounts: &Accounts, by: ProvenOwner, watcher: Watcher, seat: &Seat) -> Result<()> {
    let Some(pin) = seat.pin else {
        return Ok(());
    };
    let pin = Pin::parse(pin).ok().context("a PIN")?;
    let became = accounts.set_pin(by, watcher, &pin, &here()).await?;
    ensure!(became == PinChange::Done, "{} got no PIN", seat.name);
    Ok(())
}
