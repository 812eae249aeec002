"""What others reach on the rules and texts of `switchboard listening evaluate speed`: pyahocorasick with the same
booleans, and a plain loop of one regular expression per term. One thread, its own time.

    pip install pyahocorasick
    python3 benches/matching.py rules.json texts.csv
"""

import csv
import html
import json
import re
import sys
import time

TOKEN = re.compile(r"[#@]?\w[\w']*")


def normal(text):
    return f" {' '.join(TOKEN.findall(html.unescape(text).lower()))} "


def holds(rule, stands):
    return (
        (not rule["any"] or any(map(stands, rule["any"])))
        and all(map(stands, rule["all"]))
        and not any(map(stands, rule["none"]))
    )


def with_regexes(rules):
    terms = {term for rule in rules for key in ("any", "all", "none") for term in rule[key]}
    found = {term: re.compile(f" {re.escape(term)} ").search for term in terms}
    return lambda text: sum(holds(rule, lambda term: found[term](text)) for rule in rules)


def with_automaton(rules):
    import ahocorasick

    automaton = ahocorasick.Automaton()
    # A rule is looked at where its term of `all` stands, or one of its `any`; the rules with neither, always.
    by_term, always = {}, []
    for rule in rules:
        triggers = rule["all"][:1] or rule["any"]
        for term in triggers:
            by_term.setdefault(term, []).append(rule)
        if not triggers:
            always.append(rule)
    for rule in rules:
        for key in ("any", "all", "none"):
            for term in rule[key]:
                automaton.add_word(f" {term} ", term)
    automaton.make_automaton()

    def count(text):
        stand = {term for _, term in automaton.iter(text)}
        looked_at = {id(rule): rule for term in stand for rule in by_term.get(term, ())}
        return sum(holds(rule, stand.__contains__) for rule in [*looked_at.values(), *always])

    return count


def measure(name, count, texts):
    began = time.thread_time()
    matches = sum(count(normal(text)) for text in texts)
    took = time.thread_time() - began
    print(f"{name}: {len(texts) / took:,.0f} texts a second, {matches} matches in {len(texts)} texts")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rules = json.load(file)
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    try:
        measure("pyahocorasick", with_automaton(rules), texts)
    except ImportError:
        print("pyahocorasick: not run, it is not installed")
    measure("regular expressions", with_regexes(rules), texts[:2000])


main()
