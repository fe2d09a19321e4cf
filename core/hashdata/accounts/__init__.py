"""
Accounts: keys that were accepted, where they are kept, and what became of them since.

What there is: `account` is one of them and `labels` are their names; `rows`,
`book_file` and `comments` are `accounts.toml`, which holds a `book` of all;
`shelf` keeps the reports of each; `store` changes these together with the
vault.

What is done: `adding` stores a key that was accepted; `selecting`,
`retesting`, `journal`, `results` and `bulk` test what is stored; `overview`
and `sisters` look at all of it; `doctor`, `secrets_check` and `surroundings`
make `findings`, and `bundle` sends them; `export` writes a report for others.
"""
