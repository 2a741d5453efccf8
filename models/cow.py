"""Country codes of the Correlates of War project, by which political-science data sets merge."""

from __future__ import annotations

# Source: the state codes of Correlates of War (correlatesofwar.org, state system membership v2016),
# read in github.com/vincentarelbundock/countrycode: data/countrycode_data.csv at commit 0b5130e
# (beside ISO 3166-1 alpha-2), checked against dictionary/data_cow.csv at commit 284d6a2 (states of
# 2016; 345 stands there as Yugoslavia). Codes are those of the states of today: in that project
# Germany before 1990 is 260, Yemen before 1990 is 678.
# fmt: off
COW_CODES: dict[str, int] = {
    "AD": 232, "AE": 696, "AF": 700, "AG": 58, "AL": 339, "AM": 371, "AO": 540, "AR": 160,
    "AT": 305, "AU": 900, "AZ": 373, "BA": 346, "BB": 53, "BD": 771, "BE": 211, "BF": 439,
    "BG": 355, "BH": 692, "BI": 516, "BJ": 434, "BN": 835, "BO": 145, "BR": 140, "BS": 31,
    "BT": 760, "BW": 571, "BY": 370, "BZ": 80, "CA": 20, "CD": 490, "CF": 482, "CG": 484, "CH": 225,
    "CI": 437, "CL": 155, "CM": 471, "CN": 710, "CO": 100, "CR": 94, "CU": 40, "CV": 402, "CY": 352,
    "CZ": 316, "DE": 255, "DJ": 522, "DK": 390, "DM": 54, "DO": 42, "DZ": 615, "EC": 130, "EE": 366,
    "EG": 651, "ER": 531, "ES": 230, "ET": 530, "FI": 375, "FJ": 950, "FM": 987, "FR": 220,
    "GA": 481, "GB": 200, "GD": 55, "GE": 372, "GH": 452, "GM": 420, "GN": 438, "GQ": 411,
    "GR": 350, "GT": 90, "GW": 404, "GY": 110, "HN": 91, "HR": 344, "HT": 41, "HU": 310, "ID": 850,
    "IE": 205, "IL": 666, "IN": 750, "IQ": 645, "IR": 630, "IS": 395, "IT": 325, "JM": 51,
    "JO": 663, "JP": 740, "KE": 501, "KG": 703, "KH": 811, "KI": 946, "KM": 581, "KN": 60,
    "KP": 731, "KR": 732, "KW": 690, "KZ": 705, "LA": 812, "LB": 660, "LC": 56, "LI": 223,
    "LK": 780, "LR": 450, "LS": 570, "LT": 368, "LU": 212, "LV": 367, "LY": 620, "MA": 600,
    "MC": 221, "MD": 359, "ME": 341, "MG": 580, "MH": 983, "MK": 343, "ML": 432, "MM": 775,
    "MN": 712, "MR": 435, "MT": 338, "MU": 590, "MV": 781, "MW": 553, "MX": 70, "MY": 820,
    "MZ": 541, "NA": 565, "NE": 436, "NG": 475, "NI": 93, "NL": 210, "NO": 385, "NP": 790,
    "NR": 970, "NZ": 920, "OM": 698, "PA": 95, "PE": 135, "PG": 910, "PH": 840, "PK": 770,
    "PL": 290, "PT": 235, "PW": 986, "PY": 150, "QA": 694, "RO": 360, "RS": 345, "RU": 365,
    "RW": 517, "SA": 670, "SB": 940, "SC": 591, "SD": 625, "SE": 380, "SG": 830, "SI": 349,
    "SK": 317, "SL": 451, "SM": 331, "SN": 433, "SO": 520, "SR": 115, "SS": 626, "ST": 403,
    "SV": 92, "SY": 652, "SZ": 572, "TD": 483, "TG": 461, "TH": 800, "TJ": 702, "TL": 860,
    "TM": 701, "TN": 616, "TO": 955, "TR": 640, "TT": 52, "TV": 947, "TW": 713, "TZ": 510,
    "UA": 369, "UG": 500, "US": 2, "UY": 165, "UZ": 704, "VC": 57, "VE": 101, "VN": 816, "VU": 935,
    "WS": 990, "YE": 679, "ZA": 560, "ZM": 551, "ZW": 552,
}
# fmt: on
"""COW country code by ISO 3166-1 alpha-2 code; what is no member of its state system has none."""
