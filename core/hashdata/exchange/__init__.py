"""
The one door: every request of the product leaves here.

ccxt builds and signs a request, `guard` decides whether it may leave, and
`door` sends it and keeps the raw answer. Nothing of ccxt's own transport is
left in the path. The submodules are imported where they are needed, because
aiohttp and ccxt take longer to import than everything else together.
"""
