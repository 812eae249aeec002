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
            doubted,
        } = &errand.effect
        else {
            return Outcome::Never("this errand is no reply".to_owned());
        };
        let Some(connector) = self.connectors.get(connector) else {
            let why = format!("no connector “{connector}” is configured any more");
            return Outcome::Never(why).with_doubt(errand.begun);
        };
        let lead = match self.store.lead(*lead) {
            Ok(Some(lead)) => lead,
            Ok(None) => return Outcome::Never("its lead is gone".to_owned()).with_doubt(errand.begun),
            Err(error) => {
                let (why, wait) = (error.to_string(), None);
                return Outcome::NotYet { why, wait }.with_doubt(errand.begun);
            }
        };
        let outgoing = lead.outgoing.as_ref().filter(|outgoing| outgoing.key == *key);
        let reply = PublicReply {
            key: key.clone(),
            network: lead.network.clone(),
            answers: answers.clone(),
            conversation: lead.conversation.clone(),
            reply_target: reply_target.clone(),
            text: text.clone(),
            asked: outgoing.map_or(errand.created, |outgoing| outgoing.asked),
        };
        let mut in_doubt = false;
        if errand.begun || *doubted {
            match look(connector.as_ref(), &reply).await {
                Look::Absent => {}
                Look::Settled(outcome) => return outcome,
                Look::Unknown(_) if !errand.begun => {}
                Look::Unknown(why) => {
                    // A network that refuses the second publish of a key makes the second attempt harmless.
                    if !connector.capabilities(&reply.network).idempotent {
                        return Outcome::CannotTell { why };
                    }
                    in_doubt = true;
                }
            }
        }
        let attempt = tokio::time::timeout(ATTEMPT_TIMEOUT, connector.publish(&reply)).await;
        let outcome = match attempt {
            Ok(Ok(published)) => Outcome::Public(published),
            Ok(Err(DeliveryError::Transient(why))) => Outcome::NotYet { why, wait: None },
            Ok(Err(DeliveryError::Wait { wait, why })) => Outcome::NotYet {
                why,
                wait: Some(wait),
            },
            Ok(Err(
                DeliveryError::Permanent(why) | DeliveryError::Gone(why) | DeliveryError::Blocked(why),
            )) => Outcome::Never(why),
            Ok(Err(DeliveryError::Uncertain(why))) => Outcome::LookAgain { why },
            Err(_) => Outcome::LookAgain {
                why: format!("no answer within {} s", ATTEMPT_TIMEOUT.as_secs()),
            },
        };
        outcome.with_doubt(in_doubt)
    }
}

impl Outcome {
    /// A refusal says that this attempt is not public. Where an earlier one may be, it settles nothing.
    fn with_doubt(self, in_doubt: bool) -> Self {
        match self {
            Self::Never(why) if in_doubt => Self::CannotTell { why },
            Self::NotYet { why, .. } if in_doubt => Self::LookAgain { why },
            other => other,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_settles_nothing_while_an_earlier_attempt_may_be_public() {
        let never = || Outcome::Never("403".to_owned());
        let not_yet = || Outcome::NotYet {
            why: "503".to_owned(),
            wait: None,
        };
        assert!(matches!(never().with_doubt(false), Outcome::Never(_)));
        assert!(matches!(never().with_doubt(true), Outcome::CannotTell { .. }));
        assert!(matches!(not_yet().with_doubt(false), Outcome::NotYet { .. }));
        assert!(matches!(not_yet().with_doubt(true), Outcome::LookAgain { .. }));
        let public = Outcome::Public(crate::port::social::Published::default());
        assert!(matches!(public.with_doubt(true), Outcome::Public(_)));
    }
}
