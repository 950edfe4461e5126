//! The class of a bureau, fixed when it is set up (product rule 5). Decides whether papers are void samples.
//! Deliberately not here: how a bureau stores its class.

/// What the words across a demonstration paper are.
pub const DEMONSTRATION_MARK: &str = "演示样张 无效";

/// Demonstration or production. There is no way from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BureauClass {
    /// Fictional data: every paper is marked void, every code verifies as "demonstration only".
    Demonstration,
    /// A real bureau.
    Production,
}

impl BureauClass {
    /// The words printed across every paper of this class, if any.
    #[must_use]
    pub const fn mark(self) -> Option<&'static str> {
        match self {
            Self::Demonstration => Some(DEMONSTRATION_MARK),
            Self::Production => None,
        }
    }
}
