//! Public replies: at most once (law 2). The attempt is on disk before it is made; after an attempt whose outcome is not
//! known, the connector looks for our own reply first, and only what is certainly absent is sent again.

use crate::domain::effect::{Effect, Errand};
use crate::port::delivery_error::DeliveryError;
use crate::port::social::{Connector, PublicReply, Reconciled};

use super::{ATTEMPT_TIMEOUT, Couriers, Outcome};

impl Couriers {
    pub(super) async fn publish(&self, errand: &Errand) -> Outcome {
        let Effect::PublishReply {
            lead,
            connector,
            key,
            text,
            answers,
            reply_target,
        } = &errand.effect
        else {
            return Outcome::Never("this errand is no reply".to_owned());
        };
        let Some(connector) = self.connectors.get(connector) else {
            return Outcome::Never(format!("no connector “{connector}” is configured any more"));
        };
        let lead = match self.store.lead(*lead) {
            Ok(Some(lead)) => lead,
            Ok(None) => return Outcome::Never("its lead is gone".to_owned()),
            Err(error) => {
                return Outcome::NotYet {
                    why: error.to_string(),
                    wait: None,
                };
            }
        };
        let reply = PublicReply {
            key: key.clone(),
            network: lead.network.clone(),
            answers: answers.clone(),
            conversation: lead.conversation.clone(),
            reply_target: reply_target.clone(),
            text: text.clone(),
        };
        if errand.begun {
            match look(connector.as_ref(), &reply).await {
                Look::Absent => {}
                Look::Settled(outcome) => return outcome,
                Look::Unknown(why) => {
                    // A network that refuses the second publish of a key makes the second attempt harmless.
                    if !connector.capabilities(&reply.network).idempotent {
                        return Outcome::CannotTell { why };
                    }
                }
            }
        }
        let attempt = tokio::time::timeout(ATTEMPT_TIMEOUT, connector.publish(&reply)).await;
        match attempt {
            Ok(Ok(published)) => Outcome::Public(published),
            Ok(Err(DeliveryError::Transient(why))) => Outcome::NotYet { why, wait: None },
            Ok(Err(DeliveryError::Wait { wait, why })) => Outcome::NotYet {
                why,
                wait: Some(wait),
            },
            Ok(Err(DeliveryError::Permanent(why) | DeliveryError::Gone(why))) => Outcome::Never(why),
            Ok(Err(DeliveryError::Uncertain(why))) => Outcome::LookAgain { why },
            Err(_) => Outcome::LookAgain {
                why: format!("no answer within {} s", ATTEMPT_TIMEOUT.as_secs()),
            },
        }
    }
}

enum Look {
    Absent,
    Unknown(String),
    Settled(Outcome),
}

async fn look(connector: &dyn Connector, reply: &PublicReply) -> Look {
    match tokio::time::timeout(ATTEMPT_TIMEOUT, connector.reconcile(reply)).await {
        Ok(Ok(Reconciled::Found(published))) => Look::Settled(Outcome::Public(published)),
        Ok(Ok(Reconciled::Absent)) => Look::Absent,
        Ok(Ok(Reconciled::CannotTell(why))) => Look::Unknown(why),
        Ok(Err(DeliveryError::Permanent(why) | DeliveryError::Gone(why))) => Look::Unknown(why),
        Ok(Err(error)) => Look::Settled(Outcome::LookAgain {
            why: error.to_string(),
        }),
        Err(_) => Look::Settled(Outcome::LookAgain {
            why: "the network did not answer when asked".to_owned(),
        }),
    }
}
