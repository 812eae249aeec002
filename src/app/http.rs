//! What the HTTP server answers besides the board and the webhooks: whether it lives, whether it is ready, its figures.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::port::store::Store;

use super::desk::DeskQueue;

pub(super) struct Probes {
    pub store: Arc<dyn Store>,
    pub desk: DeskQueue,
    pub figures: PrometheusHandle,
}

pub(super) fn router(probes: Probes) -> Router {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .with_state(Arc::new(probes))
}

/// Ready means: the last commit reached the disk and the store can be read.
async fn ready(State(probes): State<Arc<Probes>>) -> impl IntoResponse {
    match (probes.desk.trouble(), probes.store.totals()) {
        (Some(trouble), _) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {trouble}\n")),
        (None, Err(error)) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {error}\n")),
        (None, Ok(_)) => (StatusCode::OK, "ready\n".to_owned()),
    }
}

/// Prometheus text format, <https://prometheus.io/docs/instrumenting/exposition_formats/>.
async fn figures(State(probes): State<Arc<Probes>>) -> impl IntoResponse {
    if let Ok(totals) = probes.store.totals() {
        metrics::gauge!("switchboard_leads").set(totals.leads as f64);
        metrics::gauge!("switchboard_leads_open").set(totals.open as f64);
        metrics::gauge!("switchboard_errands_waiting").set(totals.errands as f64);
        metrics::gauge!("switchboard_errands_dead").set(totals.dead_errands as f64);
        metrics::gauge!("switchboard_store_bytes").set(totals.bytes_on_disk as f64);
    }
    metrics::gauge!("switchboard_desk_queue").set(probes.desk.waiting() as f64);
    let text = probes.figures.render();
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
}
