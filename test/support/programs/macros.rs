use std::collections::HashMap;
use std::fmt;

macro_rules! table {
    ($($key:expr => $value:expr),* $(,)?) => {{
        let mut map = HashMap::new();
        $(map.insert($key, $value);)*
        map
    }};
}

#[derive(Debug, Clone, PartialEq)]
enum Shape<'a, T: Copy = f64> {
    Circle { radius: T },
    Named(&'a str),
}

impl<'a, T: Copy + fmt::Debug> fmt::Display for Shape<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Circle { radius } => write!(f, "circle {:?}", radius),
            Shape::Named(name) => write!(f, r#"named "{}""#, name),
        }
    }
}

async fn load(path: &str) -> Result<String, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(path)?;
    let Some(first) = text.lines().next() else {
        return Err("empty".into());
    };
    Ok(first.to_owned())
}

fn main() {
    let map = table! { "a" => 1, "b" => 2 };
    let shapes: Vec<Shape> = vec![Shape::Circle { radius: 1.0 }, Shape::Named("x")];
    'outer: for shape in &shapes {
        for (key, value) in &map {
            if *value > 1 { continue 'outer; }
            println!("{shape} {key}");
        }
    }
}
