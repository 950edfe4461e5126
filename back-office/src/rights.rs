//! Who may do what: roles by action in one table, and an officer's grants of roles for branches and stations.
//! Invariants: checked on the server only; what is not in the table is not allowed; a grant counts where branch and
//! station of the case are both in it. Not here: which call needs which action (`officer_api`).

use crate::store::cases::Scopes;
use domain::ids::{BranchId, StationId};
use serde::{Deserialize, Serialize};

/// What an officer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Works at the counter.
    Officer,
    /// The second person of the two-person rule.
    Reviewer,
    /// Sees to the others: assigns, reads figures.
    Supervisor,
    /// Checks the audit log; opens no case.
    Auditor,
    /// Enrols and suspends kiosks; opens no case.
    Administrator,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// See the queue and open cases.
    View,
    /// Claim, renew, release.
    Claim,
    /// Check and decide.
    Decide,
    /// Decide as the second person.
    Review,
    /// Give a case to anybody, also one that another holds.
    Assign,
    /// Issue papers.
    Issue,
    /// Hand out at the collection desk.
    Collect,
    /// Take in at the counter.
    Intake,
    /// Call tickets.
    Tickets,
    /// Read figures.
    Report,
    /// Open closed cases, with a reason.
    OpenClosed,
    /// Check the audit log.
    Audit,
    /// Revoke a certificate.
    Revoke,
    /// Hold a case back from the end of its retention.
    Retain,
    /// Add, suspend and resume kiosks.
    Provision,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [Self::Officer, Self::Reviewer, Self::Supervisor, Self::Auditor, Self::Administrator];

    /// The one table: what a role may do.
    pub fn actions(self) -> &'static [Action] {
        use Action::{
            Assign, Audit, Claim, Collect, Decide, Intake, Issue, OpenClosed, Provision, Report, Retain, Review,
            Revoke, Tickets, View,
        };
        match self {
            Self::Officer => &[View, Claim, Decide, Issue, Collect, Intake, Tickets, OpenClosed],
            Self::Reviewer => &[View, Claim, Review, OpenClosed],
            Self::Supervisor => &[
                View, Claim, Decide, Review, Assign, Issue, Collect, Intake, Tickets, Report, OpenClosed, Revoke,
                Retain,
            ],
            Self::Auditor => &[Report, Audit],
            Self::Administrator => &[Provision],
        }
    }

    /// Whether the role may do this.
    pub fn may(self, action: Action) -> bool {
        self.actions().contains(&action)
    }
}

/// A role for some branches at some stations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Which role.
    pub role: Role,
    /// For cases of these branches.
    pub branches: Vec<BranchId>,
    /// Handed in at these stations.
    pub stations: Vec<StationId>,
}

/// All grants of one officer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights(pub Vec<Grant>);

impl Rights {
    /// May do this to a case of this branch and station.
    pub fn may(&self, action: Action, branch: &BranchId, station: &StationId) -> bool {
        self.0
            .iter()
            .any(|grant| grant.role.may(action) && grant.branches.contains(branch) && grant.stations.contains(station))
    }

    /// May do this somewhere.
    pub fn anywhere(&self, action: Action) -> bool {
        self.0.iter().any(|grant| grant.role.may(action))
    }

    /// May do this at this station, in whichever branch: for what belongs to a station as a whole.
    pub fn at_station(&self, action: Action, station: &StationId) -> bool {
        self.0.iter().any(|grant| grant.role.may(action) && grant.stations.contains(station))
    }

    /// Where this may be done.
    pub fn scopes(&self, action: Action) -> Scopes {
        let mut pairs = Vec::new();
        for grant in self.0.iter().filter(|grant| grant.role.may(action)) {
            for branch in &grant.branches {
                for station in &grant.stations {
                    let pair = (branch.clone(), station.clone());
                    if !pairs.contains(&pair) {
                        pairs.push(pair);
                    }
                }
            }
        }
        Scopes::new(pairs)
    }

    /// Roles held, in order.
    pub fn roles(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.0.iter().any(|grant| grant.role == *role)).collect()
    }

    /// Branches of which something may be seen.
    pub fn branches(&self) -> Vec<BranchId> {
        let mut found: Vec<BranchId> = Vec::new();
        for branch in self.0.iter().filter(|grant| grant.role.may(Action::View)).flat_map(|grant| &grant.branches) {
            if !found.contains(branch) {
                found.push(branch.clone());
            }
        }
        found
    }

    /// Actions allowed somewhere, in the order of the type.
    pub fn actions(&self) -> Vec<Action> {
        let mut found: Vec<Action> = self.0.iter().flat_map(|grant| grant.role.actions()).copied().collect();
        found.sort();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_needs_role_branch_and_station_in_one_grant() {
        let grant = |role, branch: &str, station: &str| Grant {
            role,
            branches: vec![branch.into()],
            stations: vec![station.into()],
        };
        let rights =
            Rights(vec![grant(Role::Officer, "household", "yunqiao"), grant(Role::Reviewer, "traffic", "nantang")]);
        let may = |action, branch: &str, station: &str| rights.may(action, &branch.into(), &station.into());
        assert!(may(Action::Decide, "household", "yunqiao") && may(Action::Review, "traffic", "nantang"));
        for (action, branch, station) in [
            (Action::Decide, "household", "nantang"),
            (Action::Decide, "traffic", "nantang"),
            (Action::View, "traffic", "yunqiao"),
            (Action::Audit, "household", "yunqiao"),
        ] {
            assert!(!may(action, branch, station), "{action:?} {branch} {station}");
        }
    }
}
