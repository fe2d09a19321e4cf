"""
Accounts: keys that were accepted, where they are kept, and what became of them since.

`account` is one of them, `book` the file `accounts.toml`, `shelf` the files
of reports, `journal` a bulk test under way, `store` all of these together
with the vault. `adding` and `retesting` test and store; `sisters` and
`doctor` look at what is there.
"""
