//! What arrives, in the words of those who send it. Each format reads bytes into the plan's
//! [`Brut`](frequent_plan::Brut) fields and names what it cannot read; none checks a value, keeps
//! a byte, or knows how the bytes came.

pub mod natif;
pub mod xiti;

#[cfg(test)]
mod tests;
