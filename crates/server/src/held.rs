//! The snapshot that is served: opened once a day, and anew when another has become the current one.

use std::sync::Arc;

use datafusion::prelude::SessionContext;
use jiff::civil::Date;
use lais_insight::session_at;
use lais_lake::{Engine, Lake};
use lais_pack::Evidence;
use tokio::sync::Mutex;

use crate::ServerError;

/// A pinned snapshot with what is asked of it, as it stands on a day.
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) as_at: Date,
    pub(crate) session: SessionContext,
    pub(crate) evidence: Evidence,
}

/// Where the snapshot that is served is kept.
pub(crate) struct Shelf {
    lake: Lake,
    today: fn() -> Date,
    held: Mutex<Option<Arc<Held>>>,
}

impl Shelf {
    pub(crate) fn new(lake: Lake, today: fn() -> Date) -> Self {
        Self { lake, today, held: Mutex::new(None) }
    }

    /// The current snapshot as it stands today. A request keeps the one it was given, whatever is published
    /// meanwhile.
    ///
    /// Where a newer snapshot cannot be opened, the error is given: to go on serving the old one in
    /// silence would tell a person that nothing has changed.
    pub(crate) async fn current(&self) -> Result<Arc<Held>, ServerError> {
        let mut held = self.held.lock().await;
        let as_at = (self.today)();
        if let Some(held) = held.as_ref()
            && held.as_at == as_at
            && self.lake.current_id()? == held.id
        {
            return Ok(held.clone());
        }
        let snapshot = self.lake.current()?;
        let id = snapshot.manifest().id.clone();
        let opened = session_at(&Engine::Embedded, &snapshot, None, Some(as_at)).await?;
        let evidence = Evidence::gather(&opened.session, &opened.origin(&snapshot), as_at).await?;
        let opened = Arc::new(Held { id, as_at, session: opened.session, evidence });
        *held = Some(opened.clone());
        Ok(opened)
    }
}
