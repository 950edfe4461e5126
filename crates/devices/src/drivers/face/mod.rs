//! Face match adapters that ask a service. The default, which asks nobody, is `port::face::NotConfigured`.

pub mod http;
