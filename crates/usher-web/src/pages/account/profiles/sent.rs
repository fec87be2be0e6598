//! Forms whose fields come in any number, such as ticked boxes. As strict as every other form (R71).
use serde::Deserialize;

use crate::pages::page::Fault;

/// What a form sent, field by field. Each field is taken out once; what is left over was sent by no page of ours.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Sent(Vec<(String, String)>);

impl Sent {
    /// The value of a field that is sent exactly once.
    pub(super) fn one(&mut self, name: &str) -> Result<String, Fault> {
        let mut values = self.all(name).into_iter();
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            (None, _) | (Some(_), Some(_)) => Err(Fault::Form),
        }
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&mut self, name: &str) -> Result<bool, Fault> {
        match self.all(name).as_slice() {
            [] => Ok(false),
            [yes] if yes == "yes" => Ok(true),
            _other => Err(Fault::Form),
        }
    }

    /// Every value of a field.
    pub(super) fn all(&mut self, name: &str) -> Vec<String> {
        let (found, rest) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|(field, _)| field == name);
        self.0 = rest;
        let found: Vec<(String, String)> = found;
        found.into_iter().map(|(_, value)| value).collect()
    }

    /// Nothing else was sent.
    pub(super) fn end(self) -> Result<(), Fault> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Fault::Form)
        }
    }
}
