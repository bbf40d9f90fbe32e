#include <cstddef>
#include <initializer_list>
#include <concepts>
#include <utility>

using namespace std;
using Size = size_t;
template <typename T>
using Ptr = T*;

enum class Color { Red, Green, Blue };

template <typename T>
concept HasArea = requires(const T& t) {
    { t.area() } -> convertible_to<double>;
};

class Shape;
double measure(const Shape& shape);

class Shape {
public:
    virtual ~Shape() = default;
    virtual double area() const = 0;
    virtual const char* name() const { return "shape"; }
protected:
    Color color_ = Color::Red;
};

double measure(const Shape& shape) {
    return shape.area();
}

class Circle : public Shape {
public:
    explicit Circle(double r) : radius_(r) {}
    double area() const override { return kPi * radius_ * radius_; }
    const char* name() const override;
private:
    static constexpr double kPi = 3.14;
    double radius_;
};

const char* Circle::name() const {
    return "circle";
}

struct Square final : Shape {
    double side = 1;
    double area() const override {
        return side * side;
    }
};

template <HasArea T>
double twice(const T& shape) {
    return shape.area() * 2;
}

namespace shop::detail {
template <typename T>
concept Addable = requires(T a, T b) { { a + b } -> convertible_to<T>; };

template <Addable T, Size N = 3>
struct Bag {
    Bag() = default;
    explicit Bag(initializer_list<T> items) : count_{items.size()} {}
    template <typename F>
    auto map(F&& f) const -> decltype(f(T{})) {
        auto out = f(T{});
        for (const auto& item : items_) out = f(item);
        return out;
    }
    auto operator<=>(const Bag&) const = default;
private:
    T items_[N] = {};
    Size count_ = 0;
};
inline int depth = 0;
}  // namespace shop::detail

using shop::detail::Bag;

template <class T, Size N>
class Stack {
public:
    using value_type = T;
    void push(const T& value) {
        if (size_ == N) throw 1;
        items_[size_++] = value;
    }
    const value_type& top() const { return items_[size_ - 1]; }
    friend Stack& operator<<(Stack& stack, const T& value) {
        stack.push(value);
        return stack;
    }
private:
    T items_[N];
    Size size_ = 0;
};

#define CHECK(cond) do { if (!(cond)) { return 1; } } while (0)

const char* label(Color color) {
    switch (color) {
        case Color::Red: return "red";
        case Color::Green:
            return "green";
        default:
            return "blue";
    }
}

auto make(double size) -> Ptr<Shape> {
    if (size > 1) {
        return new Circle(size);
    }
    return new Square();
}

int main() {
    Ptr<Shape> shape = make(2);
    Bag<int> bag{1, 2, 3};
    auto doubled = bag.map([factor = 2](int x) { return x * factor; });
    Stack<int, 3> stack;
    stack.push(twice(Square{}));
    stack << doubled;
    CHECK(stack.top() == 3);
    shop::detail::depth++;
    try {
        stack.push(1);
    } catch (int e) {
        return e;
    }
    return label(Color::Green)[0] + measure(*shape) + shape->name()[0];
}
