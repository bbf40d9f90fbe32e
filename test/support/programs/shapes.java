package shop;

import java.util.ArrayList;
import java.util.List;
import java.util.*;
import java.util.function.Function;

enum Color {
    RED("r"),
    GREEN("g"),
    BLUE("b");

    private final String code;

    Color(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}

sealed interface Shape permits Circle, Square {
    double area();

    default String name() {
        return "shape";
    }
}

record Circle(double radius) implements Shape {
    @Override
    public double area() {
        return 3 * radius;
    }
}

final class Square implements Shape {
    private final double side;

    Square(double side) {
        this.side = side;
    }

    @Override
    public double area() {
        return side * side;
    }
}

abstract class Base {
    protected int count = 0;

    abstract int next();

    int twice() {
        return next() * 2;
    }
}

class Counter extends Base {
    @Override
    int next() {
        count++;
        return count;
    }
}

public class Main {
    private static final Map<String, Integer> SIZES = new HashMap<>();

    static {
        SIZES.put("a", 1);
    }

    static String label(Color color) {
        switch (color) {
            case RED:
                return "red";
            case GREEN:
                return "green";
            default:
                return "other";
        }
    }

    static int score(Color color) {
        return switch (color) {
            case RED -> 1;
            case GREEN -> 2;
            case BLUE -> 3;
        };
    }

    static double total(List<Shape> shapes) {
        double sum = 0;
        for (Shape shape : shapes) {
            if (shape instanceof Circle circle) {
                sum += circle.radius();
            } else if (shape instanceof Square) {
                sum += shape.area();
            }
        }
        return sum;
    }

    public static void main(String[] args) throws Exception {
        List<Shape> shapes = new ArrayList<>();
        shapes.add(new Circle(1));
        shapes.add(new Square(2));
        Function<Integer, Integer> twice = x -> x * 2;
        System.out.println(total(shapes) + twice.apply(score(Color.BLUE)));
        System.out.println(label(Color.RED) + new Counter().twice() + SIZES);
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
