//! Fresh databases: always SQLite; PostgreSQL too where `TEST_POSTGRES_URL` names a server (`cargo xtask test` starts one).
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;
use usher_domain::time::Timestamp;
use usher_store::{Store, StoreOptions};

/// The moment at which tests stand still.
pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

/// A fresh database and its name, for messages.
pub(crate) struct TestDatabase {
    pub(crate) name: &'static str,
    pub(crate) store: Store,
    pub(crate) options: StoreOptions,
    _folder: Arc<TempDir>,
}

/// One fresh database of each kind.
pub(crate) async fn databases() -> Vec<TestDatabase> {
    let folder = Arc::new(TempDir::new().unwrap());
    let mut options = vec![(
        "SQLite",
        StoreOptions::Sqlite(folder.path().join("usher.sqlite")),
    )];
    if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
        options.push((
            "PostgreSQL",
            StoreOptions::Postgres(in_schema_of_its_own(&url).await),
        ));
    }
    let mut opened = Vec::new();
    for (name, options) in options {
        let store = Store::open(&options).await.unwrap();
        opened.push(TestDatabase {
            name,
            store,
            options,
            _folder: Arc::clone(&folder),
        });
    }
    opened
}

/// Tests run side by side in one server: each in a schema that nobody else uses.
async fn in_schema_of_its_own(url: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "test_{}_{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let server = sea_orm::Database::connect(url).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&server, &format!("CREATE SCHEMA {name}"))
        .await
        .unwrap();
    server.close().await.unwrap();
    format!("{url}&options=-csearch_path%3D{name}")
}

/// Lets 64 do the same at once. Answers how many won.
pub(crate) async fn winners_of_64<Doing>(store: &Store, act: impl Fn(Store, u32) -> Doing) -> u32
where
    Doing: Future<Output = bool> + Send + 'static,
{
    let racers: Vec<_> = (0..64)
        .map(|number| tokio::spawn(act(store.clone(), number)))
        .collect();
    let mut winners = 0;
    for racer in racers {
        winners += u32::from(racer.await.unwrap());
    }
    winners
}
