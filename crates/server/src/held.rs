//! The snapshot that is served: opened once, and anew when another has become the current one.

use std::sync::Arc;

use datafusion::prelude::SessionContext;
use lais_lake::{Class, Engine, Lake};
use lais_pack::Evidence;
use tokio::sync::Mutex;

use crate::ServerError;

/// A pinned snapshot with what is asked of it.
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) session: SessionContext,
    pub(crate) evidence: Evidence,
}

/// Where the snapshot that is served is kept.
pub(crate) struct Shelf {
    lake: Lake,
    held: Mutex<Option<Arc<Held>>>,
}

impl Shelf {
    pub(crate) fn new(lake: Lake) -> Self {
        Self { lake, held: Mutex::new(None) }
    }

    /// The current snapshot. A request keeps the one it was given, whatever is published meanwhile.
    ///
    /// Where a newer snapshot cannot be opened, the error is given: to go on serving the old one in
    /// silence would tell a person that nothing has changed.
    pub(crate) async fn current(&self) -> Result<Arc<Held>, ServerError> {
        let mut held = self.held.lock().await;
        if let Some(held) = held.as_ref()
            && self.lake.current_id()? == held.id
        {
            return Ok(held.clone());
        }
        let snapshot = self.lake.current()?;
        let id = snapshot.manifest().id.clone();
        let as_at = snapshot.as_at()?;
        let visible = [Class::Public, Class::Official];
        let session = lais_insight::session_at(&Engine::Embedded, &[&snapshot], &visible, as_at).await?;
        let evidence = Evidence::gather(&session, &id, as_at).await?;
        let opened = Arc::new(Held { id, session, evidence });
        *held = Some(opened.clone());
        Ok(opened)
    }
}
