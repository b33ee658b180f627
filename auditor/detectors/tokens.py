# SPDX-License-Identifier: Apache-2.0
"""Token formats with a public prefix: who issues them, the prefix that may be shown, and the whole form.

The forms are public facts, from the issuers' documentation and GitHub's secret scanning partner patterns
(https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns).
`{H}` is hex, `{L}` lower-case, `{U}` upper-case, `{A}` letters and digits, `{W}` the same with `_` and `-`.
"""

import re
from typing import NamedTuple


class Token(NamedTuple):
    """One form: a token stands alone, and its part behind the prefix is not all alike."""

    kind: str
    prefix: str
    expression: str

    @property
    def trigger(self) -> str:
        """The form with its long repeats cut short: what the engine can tell the start of."""
        return _LONG_REPEAT.sub(lambda found: f"{{{min(int(found[1]), 24)},}}", self.expression)


_LONG_REPEAT = re.compile(r"\{(\d+),(?:[6-9]\d|\d{3,})\}")
_CLASSES = {"{H}": "[a-f0-9]", "{L}": "[a-z0-9]", "{U}": "[A-Z0-9]", "{A}": "[A-Za-z0-9]", "{W}": "[A-Za-z0-9_-]"}
_UUID = "{H}{8}-{H}{4}-{H}{4}-{H}{4}-{H}{12}"


_TEAMS = rf"https://[a-z0-9-]+\.(?:webhook\.)?office\.com/webhook(?:b2)?/{_UUID}@{_UUID}/[A-Za-z]+/{{L}}{{32}}/{_UUID}"


_FORMS: tuple[tuple[str, str, str], ...] = (
    ("1password", "ops_", r"ops_eyJ[A-Za-z0-9+/]{100,}={0,3}"),
    ("1password", "A3-", r"A3-{U}{6}-(?:{U}{11}|{U}{6}-{U}{5})-{U}{5}-{U}{5}-{U}{5}"),
    ("adafruit", "aio_", r"aio_{A}{28}"),
    ("adobe", "p8e-", r"p8e-{L}{32}"),
    ("airtable", "pat", r"pat{A}{14}\.{H}{64}"),
    ("alibaba", "LTAI", r"LTAI{A}{12,30}"),
    ("anthropic", "sk-ant-", r"sk-ant-[a-z]{2,10}[0-9]{2}-{W}{80,120}"),
    ("apify", "apify_api_", r"apify_api_{A}{34,40}"),
    ("artifactory", "AKCp", r"AKCp{A}{60,80}"),
    ("artifactory", "cmVmdGtu", r"cmVmdGtu{A}{50,70}"),
    ("artifactory", "AP", r"AP[0-9ABCDEF]{A}{8,40}"),
    ("artifactory", "AKC", r"AKC{A}{10,}"),
    ("atlassian", "ATATT3", r"ATATT3[A-Za-z0-9_=-]{180,250}"),
    ("atlassian", "ATCTT3", r"ATCTT3[A-Za-z0-9_=-]{100,250}"),
    ("authress", "", r"(?:sc|ext|scauth|authress)_{L}{5,30}\.{L}{4,6}\."
     r"acc[_-]{A}{10,32}\.[A-Za-z0-9+/_=-]{30,120}"),
    ("aws", "AKIA", r"(?:AKIA|ASIA|ABIA|ACCA|A3T{U}){U}{16}"),
    ("aws", "ABSK", r"ABSK[A-Za-z0-9+/]{100,270}={0,2}"),
    ("azure", "", r"[A-Za-z0-9_.~-]{3}[789]Q~[A-Za-z0-9_.~-]{31,34}"),
    ("azure", "", r"{A}{76}AZDO{A}{4}"),
    ("beamer", "b_", r"b_[a-z0-9=_-]{44}"),
    ("bitbucket", "ATBB", r"ATBB{A}{24,40}"),
    ("brevo", "xkeysib-", r"xkeysib-{H}{64}-{A}{16}"),
    ("buildkite", "bkua_", r"bk(?:ua|at)_{A}{40,64}"),
    ("circleci", "CCIPAT_", r"CCI(?:PAT|PRJ)_{A}{22}_{H}{40}"),
    ("clickhouse", "4b1d", r"4b1d{A}{38}"),
    ("clojars", "CLOJARS_", r"CLOJARS_{L}{60}"),
    ("cloudflare", "v1.0-", r"v1\.0-{H}{24}-{H}{146}"),
    ("cloudflare", "cfat_", r"cf(?:at|ut|k)_{W}{40,60}"),
    ("contentful", "CFPAT-", r"CFPAT-{W}{43}"),
    ("crates.io", "cio", r"cio{A}{32}"),
    ("databricks", "dapi", r"dapi{H}{32}(?:-[0-9])?"),
    ("defined", "dnkey-", r"dnkey-{W}{26}-{W}{52}"),
    ("digitalocean", "dop_v1_", r"do[opr]_v1_{H}{64}"),
    ("digitalocean", "DO", r"DO(?:00|801){U}{16,18}"),
    ("discord", "", r"[MNO]{A}{22,27}\.{W}{6}\.{W}{27,40}"),
    ("discord", "", r"https://(?:[a-z]+\.)?discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/{W}{50,80}"),
    ("docker", "dckr_", r"dckr_[a-z]{3}_{W}{27,40}"),
    ("doppler", "dp.", r"dp\.(?:pt|st|ct|scim|audit|said|sa)\.(?:{W}{2,35}\.)?{A}{40,44}"),
    ("dropbox", "sl.", r"sl\.(?:u\.)?{W}{130,1200}"),
    ("duffel", "duffel_", r"duffel_(?:test|live)_[A-Za-z0-9_=-]{43}"),
    ("dynatrace", "dt0", r"dt0[a-z][0-9]{2}\.{U}{24}\.{U}{64}"),
    ("easypost", "EZ", r"EZ[AT]K{A}{54}"),
    ("elevenlabs", "sk_", r"sk_{H}{48}"),
    ("endorlabs", "endr+", r"endr\+{W}{16}"),
    ("facebook", "EAA", r"EAA[MC]{A}{100,}"),
    ("facebook", "EAACEdEose0cBA", r"EAACEdEose0cBA{A}{20,}"),
    ("facebook", "", r"[0-9]{15,16}(?:\||%7C){W}{27,40}"),
    ("figma", "figd_", r"figd_{W}{38,60}"),
    ("fireworks", "fw_", r"fw_{A}{22,26}"),
    ("flutterwave", "FLW", r"FLW(?:SEC|PUB)K(?:_TEST)?-{H}{12,32}(?:-X)?"),
    ("fly", "fo1_", r"fo1_{W}{43}"),
    ("fly", "fm", r"fm[12][ar]?_[A-Za-z0-9+/]{100,}={0,3}"),
    ("frame.io", "fio-u-", r"fio-u-[A-Za-z0-9_=-]{64}"),
    ("gitea", "gto_", r"gt[ao]_{A}{40,60}"),
    ("github", "gh", r"gh[oprsu]_{A}{36,255}"),
    ("github", "github_pat_", r"github_pat_{A}{22}_{A}{59}"),
    ("gitlab", "glpat-", r"glpat-{W}{20,64}(?:\.{W}{2}\.{W}{7,9})?"),
    ("gitlab", "gl", r"gl(?:agent|cbt|dt|feat|fft|ffct|imt|oas|ptt|rt|rtr|soat|wt|ft)-{W}{16,80}"),
    ("gitlab", "GR1348941", r"GR1348941{W}{20,50}"),
    ("gocardless", "", r"live_[A-Za-z0-9_=-]{40}"),
    ("google", "AIza", r"AIza{W}{35}"),
    ("google", "GOCSPX-", r"GOCSPX-{W}{28}"),
    ("google", "ya29.", r"ya29\.[A-Za-z0-9_.-]{30,300}"),
    ("google", "1//0", r"1//0[0-9a-zA-Z]{W}{38,100}"),
    ("grafana", "gl", r"gl(?:c|sa)_[A-Za-z0-9+/_]{32,400}={0,3}"),
    ("grafana", "eyJrIjoi", r"eyJrIjoi[A-Za-z0-9+/]{50,400}={0,3}"),
    ("groq", "gsk_", r"gsk_{A}{48,56}"),
    ("harness", "", r"[ps]at\.{W}{22}\.{H}{24}\.{A}{20}"),
    ("heroku", "HRKU-", r"HRKU-(?:AA{W}{58,62}|" + _UUID + ")"),
    ("hubspot", "pat-", r"pat-[a-z]{2}[0-9]{1,2}-" + _UUID),
    ("huggingface", "hf_", r"hf_[A-Za-z]{34}"),
    ("huggingface", "api_org_", r"api_org_[A-Za-z]{34}"),
    ("infracost", "ico-", r"ico-{A}{32}"),
    ("intra42", "s-s4t2", r"s-s4t2(?:ud|af)-{H}{64}"),
    ("jina", "jina_", r"jina_{A}{50,70}"),
    ("jwt", "eyJ", r"ey[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_/-]{10,}(?:\.[A-Za-z0-9_/-]{10,}={0,2})?"),
    ("jwt", "ZXlK", r"ZXlK[A-Za-z0-9+/]{60,}={0,2}"),
    ("langsmith", "lsv2_", r"lsv2_(?:pt|sk)_{H}{32}_{H}{10}"),
    ("linear", "lin_api_", r"lin_(?:api|oauth)_{A}{40,64}"),
    ("lob", "", r"(?:live|test)_(?:pub_)?{H}{31,35}"),
    ("mailchimp", "", r"{H}{32}-us[0-9]{1,2}"),
    ("mailgun", "key-", r"(?:pub)?key-{H}{32}"),
    ("mailgun", "", r"{H}{32}-{H}{8}-{H}{8}"),
    ("mapbox", "k.", r"[pst]k\.eyJ{W}{50,120}\.{W}{20,30}"),
    ("maxmind", "", r"{A}{6}_{A}{29}_mmk"),
    ("microsoft", "", _TEAMS),
    ("new-relic", "NRAK-", r"NR(?:AK|JS|II|AL|BR|RA|IQ|SP|AA)-{W}{19,40}"),
    ("new-relic", "", r"{H}{36}NRAL"),
    ("netlify", "nfp_", r"nf[a-z]_{A}{36,40}"),
    ("notion", "ntn_", r"ntn_{A}{43,50}"),
    ("notion", "secret_", r"secret_{A}{43}"),
    ("npm", "npm_", r"npm_{A}{36}"),
    ("nuget", "oy2", r"oy2{L}{43}"),
    ("nvidia", "nvapi-", r"nvapi-{W}{60,70}"),
    ("octopus", "API-", r"API-{U}{25,32}"),
    ("okta", "00", r"00{W}{40}"),
    ("openai", "sk-", r"sk-(?:[a-z]{4,12}-)?{W}{16,80}T3BlbkFJ{W}{16,80}"),
    ("openai", "sk-", r"sk-(?:proj|svcacct|admin|None)-{W}{40,200}"),
    ("openai", "sk-", r"sk-{A}{48}"),
    ("openrouter", "sk-or-v1-", r"sk-or-v1-{H}{64}"),
    ("deepseek", "sk-", r"sk-{H}{32}"),
    ("openshift", "sha256~", r"sha256~{W}{43}"),
    ("paypal", "access_token$", r"access_token\$(?:production|sandbox)\${L}{16}\${H}{32}"),
    ("perplexity", "pplx-", r"pplx-{A}{48}"),
    ("pinecone", "pcsk_", r"pcsk_{A}{5,8}_{A}{60,66}"),
    ("plaid", "access-", r"(?:access|public)-(?:sandbox|development|production)-" + _UUID),
    ("planetscale", "pscale_", r"pscale_(?:tkn|pw|oauth|app)_[A-Za-z0-9=._-]{32,64}"),
    ("posthog", "ph", r"ph[cxs]_{A}{40,50}"),
    ("postman", "PMAK-", r"PMAK-{H}{24}-{H}{34}"),
    ("prefect", "pnu_", r"pn[bu]_{A}{36}"),
    ("pulumi", "pul-", r"pul-{H}{40}"),
    ("pypi", "pypi-", r"pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw){W}{50,1000}"),
    ("readme", "rdme_", r"rdme_{L}{70}"),
    ("replicate", "r8_", r"r8_{W}{37}"),
    ("render", "rnd_", r"rnd_{A}{28,36}"),
    ("rubygems", "rubygems_", r"rubygems_{H}{48}"),
    ("salesforce", "", r"00D{A}{12,15}(?:!|\\!|%21)[A-Za-z0-9_.]{80,120}"),
    ("scalingo", "tk-us-", r"tk-us-{W}{48}"),
    ("scaleway", "SCW", r"SCW{U}{17}"),
    ("segment", "sgp_", r"sgp_{A}{64}"),
    ("sendgrid", "SG.", r"SG\.{W}{20,24}\.{W}{39,50}"),
    ("sentry", "sntry", r"sntry[su]_[A-Za-z0-9+/_=-]{40,400}"),
    ("settlemint", "sm_", r"sm_(?:aat|pat|sat)_{A}{16,20}"),
    ("shippo", "shippo_", r"shippo_(?:live|test)_{H}{40}"),
    ("shopify", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    ("slack", "xox", r"xox[a-z](?:[-.][A-Za-z0-9.-]{8,}){1,4}"),
    ("slack", "xapp-", r"xapp-[0-9]-{U}{8,}-[0-9]{8,}-{L}{40,}"),
    ("slack", "", r"https?://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{23,80}"),
    ("snyk", "snyk_", r"snyk_(?:uat|sat)\.{W}{8,20}\.{W}{40,}"),
    ("sonar", "sq", r"sq[apu]_{H}{40}"),
    ("sourcegraph", "sgp_", r"sgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}"),
    ("square", "EAAA", r"EAAA{W}{60}"),
    ("square", "sq0", r"sq0[a-z]{3}-{W}{22,43}"),
    ("stripe", "k_", r"[prs]k_(?:live|test|prod)_{A}{10,99}"),
    ("stripe", "whsec_", r"whsec_[A-Za-z0-9+/]{32,48}={0,2}"),
    ("sumologic", "su", r"su{A}{12}"),
    ("supabase", "sb", r"sb(?:p|_secret|_publishable)_{W}{24,60}"),
    ("tailscale", "tskey-", r"tskey-[a-z]+-{A}{10,}(?:-{A}{10,})?"),
    ("tavily", "tvly-", r"tvly-(?:(?:dev|prod)-)?{A}{32}"),
    ("telegram", "", r"[0-9]{8,10}:AA{W}{32,33}"),
    ("terraform", "", r"{A}{14}\.atlasv1\.{W}{60,70}"),
    ("together", "tgp_v1_", r"tgp_v1_{W}{43}"),
    ("truenas", "", r"[0-9]{1,3}-{A}{64}"),
    ("twilio", "SK", r"(?:SK|AC){H}{32}"),
    ("twitch", "live_", r"live_[0-9]{6,12}_{A}{24,36}"),
    ("typeform", "tfp_", r"tfp_[A-Za-z0-9_.=-]{40,60}"),
    ("vault", "hv", r"hv[bsr]\.{W}{24,300}"),
    ("vault", "s.", r"[sbr]\.{A}{24}"),
    ("vercel", "vc", r"vc[ickpr]_{A}{40,60}"),
    ("voyage", "pa-", r"pa-{W}{43}"),
    ("wandb", "wandb_v1_", r"wandb_v1_{W}{60,80}"),
    ("xai", "xai-", r"xai-{A}{70,90}"),
    ("yandex", "AQVN", r"AQVN{W}{35,38}"),
    ("yandex", "t1.", r"t1\.[A-Z0-9a-z_-]+=*\.[A-Z0-9a-z_-]{86}={0,2}"),
    ("yandex", "YC", r"YC{W}{38}"),
    ("zapier", "", r"https://hooks\.zapier\.com/hooks/catch/[0-9]{5,}/{A}{5,}"),
)  # fmt: skip
"""Kind, fixed prefix, and form of each token, as its issuer documents it."""


def _spelled(expression: str) -> str:
    for short, long in _CLASSES.items():
        expression = expression.replace(short, long)
    return expression


TOKENS: tuple[Token, ...] = tuple(Token(kind, prefix, _spelled(form)) for kind, prefix, form in _FORMS)
