//! Who watches, as one process sees it. What it noted and did not write down yet is all that is lost with it.
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use usher_domain::entropy::Entropy;
use usher_domain::id::{AccountId, ProfileId};
use usher_domain::profile::hours::Hours;
use usher_domain::profile::screen_time::{Meter, ScreenTime};
use usher_domain::secret::{Hash, OpaqueToken, SecretText};
use usher_domain::time::Timestamp;

use super::Segments;

/// How long what other processes wrote stands before it is read again.
const STANDS: Duration = Duration::from_secs(5);

/// Play sessions of a profile whose segments are remembered.
const SESSIONS_MAX: usize = 100;

/// Between two signs of playing no more than this has passed: a longer silence is a pause.
const SILENCE: Duration = Duration::from_secs(30);

/// A device is looked at for so long after its last sign.
const LOOKED_AT: Duration = Duration::from_mins(2);

/// A device that gave no sign for so long is forgotten.
const KEPT: Duration = Duration::from_hours(6);

/// Between two messages to a device that wants to play and may not.
const TURNED_AWAY_APART: Duration = Duration::from_mins(1);

/// A device on which somebody watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Screen {
    /// The token by which it plays: one for each user and device.
    pub(super) token: Hash,
    /// The id of the device; empty for an API key.
    pub(super) device_id: String,
}

/// A sign of somebody who watches.
#[derive(Clone, Copy, Debug)]
pub(super) enum Noted {
    /// Something of a film was handed out, of which it is not known how long it plays.
    Flows,
    /// So much of a film was handed out.
    Delivered(Duration),
    /// It says that it plays.
    Reported,
    /// It says that it pauses, or has stopped.
    Rests,
}

/// What a screen was told already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// That the end is near.
    Near,
    /// That it is over.
    Over,
}

/// Everybody who watches.
#[derive(Default)]
pub(crate) struct Screens {
    watching: Mutex<HashMap<ProfileId, Watching>>,
    /// When owners may watch to whom Jellyfin sets hours, in its time zone, as the last look found it.
    owners: Mutex<HashMap<AccountId, Hours>>,
    replica: OnceLock<String>,
}

#[derive(Default)]
struct Watching {
    /// What every process wrote, as far as it was read, and what this one noted.
    known: ScreenTime,
    read: Option<Timestamp>,
    unwritten: ScreenTime,
    written: Option<Timestamp>,
    devices: HashMap<Hash, Device>,
    /// The longest segments that were asked for in each play session, and when that was last done.
    asked: HashMap<Option<Hash>, (Duration, Timestamp)>,
    /// What each session of Jellyfin's was told of the end that is near now.
    told: HashMap<String, Told>,
}

struct Device {
    id: String,
    meter: Meter,
    /// When something of a film was last handed out. No report changes that.
    flowed: Option<Timestamp>,
    /// When it last said that it plays; `None` while it says that it rests.
    reported: Option<Timestamp>,
    /// It says that it rests.
    rests: bool,
    /// Until when the wall clock was counted.
    counted: Timestamp,
    /// The last sign of anything.
    seen: Timestamp,
    /// When it wanted to play and was not let, until it is told.
    turned_away: Option<Timestamp>,
    /// When it was told so last.
    told_away: Option<Timestamp>,
}

impl Device {
    fn new(screen: &Screen, now: Timestamp) -> Self {
        Self {
            id: screen.device_id.clone(),
            meter: Meter::default(),
            flowed: None,
            reported: None,
            rests: false,
            counted: now,
            seen: now,
            turned_away: None,
            told_away: None,
        }
    }

    /// What a sign adds to what was watched. A device that pauses, and says so, is believed as far as its reports go; what
    /// flows to it meanwhile counts all the same.
    fn note(&mut self, noted: Noted, now: Timestamp) -> ScreenTime {
        let mut time = ScreenTime::default();
        let is_report = matches!(noted, Noted::Reported | Noted::Rests);
        let flowed = self.flowed.filter(|_| !(is_report && self.rests));
        let last = flowed.max(self.reported);
        let since = last.filter(|sign| now.since(*sign) <= SILENCE);
        let since = since.map(|sign| sign.max(self.counted));
        if let Noted::Delivered(length) = noted {
            let from = since.unwrap_or(now);
            self.meter.delivered(&mut time, from, length);
        }
        if let Some(since) = since {
            self.meter.played(&mut time, since, now);
            self.counted = now;
        }
        self.seen = now;
        match noted {
            Noted::Flows | Noted::Delivered(_) => self.flowed = Some(now),
            Noted::Reported => (self.reported, self.rests) = (Some(now), false),
            Noted::Rests => (self.reported, self.rests) = (None, true),
        }
        time
    }
}

impl Screens {
    /// The name under which this process writes.
    pub(super) fn replica(&self, entropy: &dyn Entropy) -> &str {
        let name = || OpaqueToken::generate(entropy).reveal().to_owned();
        self.replica.get_or_init(name)
    }

    /// Notes when every owner may watch to whom Jellyfin sets hours.
    pub(crate) fn note_owners_hours(&self, hours: HashMap<AccountId, Hours>) {
        *self.owners.lock().unwrap_or_else(PoisonError::into_inner) = hours;
    }

    /// When an owner may watch, in Jellyfin's time zone; `None` for no limit.
    pub(super) fn owners_hours(&self, owner: AccountId) -> Option<Hours> {
        let owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.get(&owner).cloned()
    }

    /// Notes a sign of a device.
    pub(super) fn note(&self, id: ProfileId, screen: &Screen, noted: Noted, now: Timestamp) {
        let mut all = self.lock();
        let watching = all.entry(id).or_default();
        let more = watching.device(screen, now).note(noted, now);
        watching.known.merge(&more);
        watching.unwritten.merge(&more);
    }

    /// The longest segments that were asked for in a play session, these included. A request that names none may get those of
    /// any session.
    pub(super) fn longest_asked(
        &self,
        id: ProfileId,
        segments: &Segments<'_>,
        now: Timestamp,
    ) -> Duration {
        let session = segments
            .play_session
            .map(|name| SecretText::new(name).hash());
        let mut all = self.lock();
        let asked = &mut all.entry(id).or_default().asked;
        asked.retain(|_, (_, last)| now.since(*last) < KEPT);
        if let Some(length) = segments.asked
            && (asked.len() < SESSIONS_MAX || asked.contains_key(&session))
        {
            let (longest, last) = asked.entry(session).or_insert((length, now));
            (*longest, *last) = ((*longest).max(length), now);
        }
        let in_session = asked
            .iter()
            .filter(|(name, _)| session.is_none() || **name == session);
        let longest = in_session.map(|(_, (length, _))| *length).max();
        longest.max(segments.asked).unwrap_or_default()
    }

    /// Notes that a device wants to play and may not.
    pub(super) fn turn_away(&self, id: ProfileId, screen: &Screen, now: Timestamp) {
        let mut all = self.lock();
        let device = all.entry(id).or_default().device(screen, now);
        let was_told = device.told_away;
        if was_told.is_none_or(|told| now.since(told) >= TURNED_AWAY_APART) {
            device.turned_away = Some(now);
        }
        device.seen = now;
    }

    /// What is known of a profile, while that stands.
    pub(super) fn known(&self, id: ProfileId, now: Timestamp) -> Option<ScreenTime> {
        let all = self.lock();
        let watching = all.get(&id)?;
        let stands = watching.read.is_some_and(|read| now.since(read) < STANDS);
        stands.then(|| watching.known.clone())
    }

    /// Takes in what was read. Answers all that is known then, from the beginning of the present day on.
    pub(super) fn learn(
        &self,
        id: ProfileId,
        read: &ScreenTime,
        day: Timestamp,
        now: Timestamp,
    ) -> ScreenTime {
        let mut all = self.lock();
        let watching = all.entry(id).or_default();
        watching.known.merge(read);
        watching.known.forget_before(day);
        watching.read = Some(now);
        watching.known.clone()
    }

    /// What was written by others counts at once: it is read again.
    pub(super) fn read_again(&self, id: ProfileId) {
        if let Some(watching) = self.lock().get_mut(&id) {
            watching.read = None;
        }
    }

    /// What is to be written, unless something was written less than `apart` ago.
    pub(super) fn take_unwritten(
        &self,
        id: ProfileId,
        now: Timestamp,
        apart: Duration,
    ) -> Option<ScreenTime> {
        let mut all = self.lock();
        let watching = all.get_mut(&id)?;
        let is_early = |written| now.since(written) < apart;
        if watching.unwritten == ScreenTime::default() || watching.written.is_some_and(is_early) {
            return None;
        }
        watching.written = Some(now);
        Some(std::mem::take(&mut watching.unwritten))
    }

    /// It could not be written.
    pub(super) fn give_back(&self, id: ProfileId, unwritten: &ScreenTime) {
        let mut all = self.lock();
        let watching = all.entry(id).or_default();
        watching.unwritten.merge(unwritten);
        watching.written = None;
    }

    /// Who has something that is not written yet.
    pub(super) fn unwritten(&self) -> Vec<ProfileId> {
        let all = self.lock();
        let has = |watching: &Watching| watching.unwritten != ScreenTime::default();
        let found = all.iter().filter(|(_, watching)| has(watching));
        found.map(|(id, _)| *id).collect()
    }

    /// Who gave a sign lately. Whoever gave none for hours is forgotten.
    pub(super) fn lately(&self, now: Timestamp) -> Vec<ProfileId> {
        let mut all = self.lock();
        for watching in all.values_mut() {
            let devices = &mut watching.devices;
            devices.retain(|_, device| now.since(device.seen) < KEPT);
        }
        all.retain(|_, watching| {
            let is_read = watching.read.is_some_and(|read| now.since(read) < KEPT);
            is_read || !watching.devices.is_empty() || watching.unwritten != ScreenTime::default()
        });
        let is_on = |watching: &Watching| watching.devices_lately(now).next().is_some();
        let found = all.iter().filter(|(_, watching)| is_on(watching));
        found.map(|(id, _)| *id).collect()
    }

    /// The ids of the devices on which a profile gave a sign lately.
    pub(super) fn devices(&self, id: ProfileId, now: Timestamp) -> Vec<String> {
        let all = self.lock();
        let watching = all.get(&id);
        let devices = watching
            .into_iter()
            .flat_map(|watching| watching.devices_lately(now));
        devices.map(|device| device.id.clone()).collect()
    }

    /// The ids of the devices of a profile that were turned away and not told so. They count as told.
    pub(super) fn take_turned_away(&self, id: ProfileId, now: Timestamp) -> Vec<String> {
        let mut all = self.lock();
        let devices = all.get_mut(&id).map(|watching| &mut watching.devices);
        let waiting = devices.into_iter().flat_map(HashMap::values_mut);
        let waiting = waiting.filter_map(|device| {
            device.turned_away.take()?;
            device.told_away = Some(now);
            Some(device.id.clone())
        });
        waiting.collect()
    }

    /// What a session of a profile was told.
    pub(super) fn told(&self, id: ProfileId, session: &str) -> Option<Told> {
        self.lock().get(&id)?.told.get(session).copied()
    }

    /// It is told this.
    pub(super) fn tell(&self, id: ProfileId, session: &str, told: Told) {
        if let Some(watching) = self.lock().get_mut(&id) {
            watching.told.insert(session.to_owned(), told);
        }
    }

    /// The end is near no more: the next one is told anew.
    pub(super) fn forget_told(&self, id: ProfileId) {
        if let Some(watching) = self.lock().get_mut(&id) {
            watching.told.clear();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ProfileId, Watching>> {
        self.watching.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watching {
    fn device(&mut self, screen: &Screen, now: Timestamp) -> &mut Device {
        let new = || Device::new(screen, now);
        self.devices.entry(screen.token).or_insert_with(new)
    }

    fn devices_lately(&self, now: Timestamp) -> impl Iterator<Item = &Device> {
        let is_lately = move |device: &&Device| now.since(device.seen) < LOOKED_AT;
        self.devices.values().filter(is_lately)
    }
}
