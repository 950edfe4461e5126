//! Photo quality hints without a model; content follows in this file's functions.
