//! The first page of the console: numbers, sign-ins of two weeks, what to look at, what happened.
use askama::Template;
use usher_accounts::admin::ConsoleOverview;

use super::guard::Console;
use crate::pages::frame::Frame;
use crate::pages::page::Answer;
use crate::pages::panel::{self, Event, Times};

/// Size of the chart, in its own units.
const HEIGHT: u64 = 120;
const STEP: u64 = 40;
const WIDTH: u64 = 26;

/// Something to look at, and the page that helps.
pub(in crate::pages) struct Warning {
    pub(in crate::pages) key: &'static str,
    pub(in crate::pages) page: &'static str,
}

/// One day of the chart.
pub(in crate::pages) struct Bar {
    pub(in crate::pages) x: u64,
    pub(in crate::pages) day: String,
    pub(in crate::pages) right: u64,
    pub(in crate::pages) refused: u64,
    pub(in crate::pages) right_y: u64,
    pub(in crate::pages) right_height: u64,
    pub(in crate::pages) refused_y: u64,
    pub(in crate::pages) refused_height: u64,
}

#[derive(Template)]
#[template(path = "console/overview.html")]
pub(in crate::pages) struct OverviewPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) overview: &'a ConsoleOverview,
    pub(in crate::pages) bars: Vec<Bar>,
    pub(in crate::pages) events: Vec<Event>,
}

impl OverviewPage<'_> {
    fn warnings(&self) -> Vec<Warning> {
        let keys = self.overview.warnings.iter();
        keys.map(|key| Warning {
            key,
            page: page_for(key),
        })
        .collect()
    }

    /// What the chart shows, in words.
    fn summary(&self) -> String {
        let sum = |of: fn(&(u64, u64)) -> u64| self.overview.days.iter().map(of).sum::<u64>();
        self.frame.texts(
            "console-chart-summary",
            &[
                ("right", sum(|day| day.0).into()),
                ("refused", sum(|day| day.1).into()),
            ],
        )
    }

    const fn chart_width(&self) -> u64 {
        STEP * self.bars.len() as u64
    }
}

/// Where an administrator does something about a warning; empty where Jellyfin itself is the place.
fn page_for(key: &str) -> &'static str {
    match key {
        "console-warning-no-mail"
        | "console-warning-mail-unproven"
        | "console-warning-dead-mails" => "console-mail",
        "console-warning-requests" => "console-requests",
        "console-warning-overdue" => "console-accounts?state=awaits_set_up",
        "console-warning-passwordless" => "console-accounts?state=passwordless",
        _in_jellyfin => "",
    }
}

/// The days as bars; the highest is as high as the chart.
pub(in crate::pages) fn bars(days: &[(u64, u64)], day: impl Fn(u64) -> String) -> Vec<Bar> {
    let most = days.iter().map(|(right, refused)| right + refused).max();
    let most = most.unwrap_or(0).max(1);
    let height = |count: u64| (count * HEIGHT).div_ceil(most);
    let last = days.len().saturating_sub(1) as u64;
    (0..)
        .zip(days)
        .map(|(at, (right, refused))| {
            let (right_height, refused_height) = (height(*right), height(*refused));
            let right_y = HEIGHT.saturating_sub(right_height);
            Bar {
                x: at * STEP + (STEP - WIDTH) / 2,
                day: day(last - at),
                right: *right,
                refused: *refused,
                right_y,
                right_height,
                refused_y: right_y.saturating_sub(refused_height),
                refused_height,
            }
        })
        .collect()
}

/// `GET /usher/console`.
pub(super) async fn show(console: Console) -> Answer {
    let Console { page, admin, .. } = console;
    let overview = page.services.accounts.console_overview(&admin).await?;
    let frame = page.frame.clone();
    let times = Times::of(&page);
    let day = |ago| times.day_ago(&frame, ago);
    let lines = overview.activity.iter();
    Ok(page.show(&OverviewPage {
        frame: &frame,
        overview: &overview,
        bars: bars(&overview.days, day),
        events: lines
            .map(|line| panel::named_event(&frame, &times, line, true))
            .collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_the_ground_and_none_is_higher_than_the_chart() {
        let bars = bars(&[(0, 0), (3, 1), (1, 0)], |ago| ago.to_string());
        for bar in &bars {
            assert_eq!(bar.right_y + bar.right_height, HEIGHT);
            assert_eq!(bar.refused_y + bar.refused_height, bar.right_y);
        }
        assert_eq!(bars[1].refused_y, 0);
        assert_eq!(bars[0].right_height, 0);
        assert_eq!((bars[0].day.as_str(), bars[2].day.as_str()), ("2", "0"));
    }
}
