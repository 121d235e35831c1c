"""The pages as browsers get them: what they weigh, how soon they are painted, how they are rated.

    sites: two servers --weighing, painting, rating, checking--> Figure --> table, PAGES.md

Of the two sites one has 10,000 posts, the other is content/, where pieces have texts.
"""
