use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Display};
use std::io::prelude::*;

mod geometry {
    pub trait Area {
        fn area(&self) -> f64;
        fn double(&self) -> f64 {
            self.area() * 2.0
        }
    }

    pub const PI: f64 = 3.14;

    #[derive(Debug, Clone, Default)]
    pub struct Point {
        pub x: f64,
        pub y: f64,
    }

    impl Point {
        pub fn new(x: f64, y: f64) -> Self {
            Self { x, y }
        }
    }
}

use geometry::{Area, Point};

macro_rules! square {
    ($x:expr) => {
        $x * $x
    };
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Circle { radius: f64 },
    Rect(f64, f64),
    Empty,
}

#[derive(Debug)]
enum Error {
    Parse(std::num::ParseFloatError),
    Missing,
}

impl From<std::num::ParseFloatError> for Error {
    fn from(error: std::num::ParseFloatError) -> Self {
        Error::Parse(error)
    }
}

impl Area for Shape {
    fn area(&self) -> f64 {
        match self {
            Shape::Circle { radius } => geometry::PI * square!(radius),
            Shape::Rect(a, b) => a * b,
            Shape::Empty => 0.0,
        }
    }
}

impl Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Shape::Circle { .. } => write!(f, "circle"),
            Shape::Rect(..) => write!(f, "rect"),
            Shape::Empty => Ok(()),
        }
    }
}

fn parse(text: &str) -> Result<Shape, Error> {
    let mut parts = text.split(' ');
    let kind = parts.next().ok_or(Error::Missing)?;
    let size: f64 = parts.next().ok_or(Error::Missing)?.parse()?;
    let shape = match kind {
        "circle" => Shape::Circle { radius: size },
        "rect" => Shape::Rect(size, size),
        _ => Shape::Empty,
    };
    Ok(shape)
}

struct Counter<T> {
    counts: HashMap<String, T>,
    limit: usize,
}

impl<T: Copy> Counter<T> {
    fn new(limit: usize) -> Self {
        Counter { counts: HashMap::new(), limit }
    }

    fn put(&mut self, key: &str, value: T) -> bool {
        if self.counts.len() >= self.limit {
            return false;
        }
        self.counts.insert(key.to_string(), value);
        true
    }
}

impl Iterator for Counter<u32> {
    type Item = u32;

    fn next(&mut self) -> Option<Self::Item> {
        self.limit = self.limit.checked_sub(1)?;
        Some(self.limit as u32)
    }
}

fn main() {
    let mut counter = Counter::new(3);
    counter.put("a", 1u32);
    let p = Point::new(1.0, 2.0);
    println!("{:?} {}", p, p.x);
    let mut map: BTreeMap<i32, &str> = BTreeMap::new();
    map.insert(1, "one");
    match parse("circle 2") {
        Ok(shape) => println!("{} {}", shape, shape.double()),
        Err(Error::Parse(error)) => println!("{}", error),
        Err(error) => println!("{:?}", error),
    }
    let total: u32 = counter.sum();
    let mut out = std::io::stdout();
    out.write_all(b"x").unwrap();
    if let Some(name) = map.get(&1) {
        println!("{name} {total}");
    }
}
