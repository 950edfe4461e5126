//! Compiles `ui/app.slint` to Rust. Icons are embedded, so a built kiosk reads no file to draw itself.
//! Debug info (names of elements) stays in: the robot that walks the journeys finds elements through it.
fn main() {
    let config = slint_build::CompilerConfiguration::new().with_style("fluent".into()).with_debug_info(true);
    if let Err(error) = slint_build::compile_with_config("ui/app.slint", config) {
        println!("cargo::error={error}");
        std::process::exit(1);
    }
}
