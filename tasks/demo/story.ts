/** A small shop, as its authors wrote it: what each commit leaves in its files. */

export interface StoryCommit {
  readonly subject: string
  readonly files: Readonly<Record<string, string>>
}

const basket = (body: string) =>
  `"""A basket of things to buy."""
from shop.prices import price_of


class Basket:
    """Counts what is in it."""

    def __init__(self):
        self.counts = {}

${body}`

const add = `    def add(self, name, count=1):
        """Adds things by name."""
        self.counts[name] = self.counts.get(name, 0) + count
`

const addChecked = `    def add(self, name, count=1):
        """Adds things by name; a count below one is an error."""
        if count < 1:
            raise ValueError(f"cannot add {count} of {name}")
        self.counts[name] = self.counts.get(name, 0) + count
`

const total = `
    def total(self):
        """Returns the price of everything in cents."""
        result = 0
        for name, count in self.counts.items():
            result = result + price_of(name) * count
        return result
`

const totalShort = `
    def total(self):
        """Returns the price of everything in cents."""
        return sum(price_of(name) * count for name, count in self.counts.items())
`

const remove = `
    def remove(self, name):
        """Takes a thing out, however many there are."""
        if name not in self.counts:
            return False
        del self.counts[name]
        return True
`

const prices = (entries: ReadonlyArray<string>) =>
  `"""What things cost, in cents."""

PRICES = {
${entries.map((entry) => `    ${entry},\n`).join("")}}


def price_of(name):
    """Returns the price of a thing; one that is not sold costs an error."""
    try:
        return PRICES[name]
    except KeyError:
        raise LookupError(f"{name} is not sold here") from None
`

const format = (body: string) =>
  `/** Prices as people read them. */
export interface Money {
  cents: number
  currency: "EUR" | "USD"
}

export function format(money: Money): string {
${body}}
`

const checkout = (discount: string) =>
  `"""Pays for a basket."""
from shop.basket import Basket


def checkout(basket: Basket, voucher=None):
    """Returns what is to be paid, in cents."""
    amount = basket.total()
${discount}    return amount
`

export const story: ReadonlyArray<StoryCommit> = [
  {
    subject: "Sell apples and pears",
    files: {
      "shop/__init__.py": "",
      "shop/prices.py": prices(["\"apple\": 30", "\"pear\": 45"]),
      "shop/basket.py": basket(add)
    }
  },
  { subject: "Tell what a basket costs", files: { "shop/basket.py": basket(add + total) } },
  {
    subject: "Refuse to add nothing",
    files: {
      "shop/basket.py": basket(addChecked + total),
      "web/format.ts": format("  return money.cents / 100 + money.currency\n")
    }
  },
  { subject: "Take things out again", files: { "shop/basket.py": basket(addChecked + total + remove) } },
  {
    subject: "Sell plums, and raise the price of pears",
    files: { "shop/prices.py": prices(["\"apple\": 30", "\"pear\": 55", "\"plum\": 12"]) }
  },
  { subject: "Sum in one line", files: { "shop/basket.py": basket(addChecked + totalShort + remove) } },
  {
    subject: "Pay for a basket",
    files: {
      "shop/checkout.py": checkout(""),
      "web/format.ts": format(
        "  const amount = (money.cents / 100).toFixed(2)\n  return `${amount} ${money.currency}`\n"
      )
    }
  },
  {
    subject: "Take vouchers",
    files: {
      "shop/checkout.py": checkout("    if voucher is not None:\n        amount = max(0, amount - voucher.cents)\n")
    }
  }
]
