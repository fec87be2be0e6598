//! Typed identifiers: one cannot be passed where another is meant.
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entropy::Entropy;
use crate::time::Timestamp;

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an identifier that is known to be one of this kind.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// A new identifier (UUID version 7: ordered by time, 74 random bits).
            pub fn generate(now: Timestamp, entropy: &dyn Entropy) -> Self {
                Self(uuid_v7(now, entropy))
            }

            /// The bare identifier, for storage.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            /// 32 hexadecimal digits without dashes, as Jellyfin writes its identifiers.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.simple().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            /// Takes an id with dashes, without, in braces. Jellyfin takes parentheses and lists of numbers, too; no client
            /// sends those.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    };
}

typed_id!(
    /// An account: equals the [`UserId`] of its owner, so that every Jellyfin user is an account without any import.
    AccountId
);
typed_id!(
    /// A Jellyfin user: the owner of an account, or one of its further profiles.
    UserId
);
typed_id!(
    /// A Jellyfin item: a film, an episode, a folder, a channel.
    ItemId
);
typed_id!(
    /// A mail in the outbox. Its `Message-ID` is made from this and stays the same over all tries.
    MailId
);
typed_id!(
    /// One sign-in (or reset, or change of address) on its way.
    AttemptId
);
typed_id!(
    /// A one-time code or link.
    ChallengeId
);
typed_id!(
    /// A web session of Usher.
    SessionId
);
typed_id!(
    /// A Jellyfin access token that Usher knows of.
    TokenId
);
typed_id!(
    /// A further profile of an account. The first profile is the owner and has no row.
    ProfileId
);
typed_id!(
    /// A line of the activity log.
    ActivityId
);
typed_id!(
    /// Something a person asked an administrator for.
    RequestId
);
typed_id!(
    /// An enrolled second factor.
    FactorId
);
typed_id!(
    /// A recovery code.
    RecoveryCodeId
);
typed_id!(
    /// A browser that is trusted for a while, over all the cookies that it had.
    TrustedBrowserId
);
typed_id!(
    /// A password that was made for one program.
    AppPasswordId
);
typed_id!(
    /// A sign-in at an app's form that waits for its second factor.
    PressId
);

impl UserId {
    /// Nobody: what Jellyfin itself writes where no user is meant.
    pub const NOBODY: Self = Self(Uuid::nil());
}

impl AccountId {
    /// The account of the Jellyfin user who owns it.
    pub const fn of_owner(user: UserId) -> Self {
        Self(user.0)
    }

    /// The Jellyfin user who owns the account.
    pub const fn owner(self) -> UserId {
        UserId(self.0)
    }
}

fn uuid_v7(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_in_every_form_and_written_in_jellyfins() {
        for text in [
            "0b5c7a1e-8f7e-4d23-9a57-8a3f2f1f0c11",
            "{0b5c7a1e-8f7e-4d23-9a57-8a3f2f1f0c11}",
            "0B5C7A1E8F7E4D239A578A3F2F1F0C11",
        ] {
            let id: UserId = text.parse().unwrap();
            assert_eq!(id.to_string(), "0b5c7a1e8f7e4d239a578a3f2f1f0c11", "{text}");
        }
    }
}
