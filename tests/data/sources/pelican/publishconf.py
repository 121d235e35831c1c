SITEURL = "https://rivers.example"
RELATIVE_URLS = False
