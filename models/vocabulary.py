"""Closed vocabularies: every coded word of the model, with its one-line meaning.

A word is added only when a real provision needs it. The meanings feed the API document, the JSON
Schema for editors and the codebook, so they are written once, here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema


class Word(StrEnum):
    """A coded value that carries its meaning."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """Make a member from its code and its meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Publish the meanings as the schema's description."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        lines = [f"`{word.value}`: {word.meaning}" for word in cls]
        about = (cls.__doc__ or "").strip()
        schema["description"] = f"{about} {'; '.join(lines)}."
        return schema

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as any enum does (declared so that the JSON schema hook is inherited)."""
        return handler(source)


# --- jurisdictions, laws, effects -------------------------------------------------------------


class JurisdictionKind(Word):
    """What kind of legal order a jurisdiction is."""

    COUNTRY = "country", "a state, coded by ISO 3166-1 alpha-2"
    SUBDIVISION = "subdivision", "part of a state that makes law of its own"
    SUPRANATIONAL = "supranational", "a union whose law can bind within its members"
    INTERNATIONAL = "international", "an international body under which treaties are made"


class LawKind(Word):
    """What kind of work a law is."""

    ACT = "act", "statute of a legislature"
    CODE = "code", "statute that codifies a field of law"
    REGULATION = "regulation", "delegated legislation, or an EU regulation"
    DIRECTIVE = "directive", "EU directive: binds member states to legislate"
    DECREE = "decree", "executive act with the force of law"
    TREATY = "treaty", "agreement between states"
    BILL = "bill", "proposal that is not (or never became) law"
    CODE_OF_PRACTICE = "code_of_practice", "code issued by a regulator under a law"
    ORDER = "order", "order, notification or direction made under a law"
    JUDGMENT = "judgment", "decision of a court"


class LawStatus(Word):
    """Where a law stands in its life on a day."""

    PROPOSED = "proposed", "introduced as a bill, not passed"
    PASSED = "passed", "passed by the legislature, not yet assented to"
    NOT_YET_IN_FORCE = "not_yet_in_force", "made, and no part has commenced"
    UNKNOWN = "unknown", "made, and in force by a later day: when it commenced was not found"
    PARTLY_IN_FORCE = "partly_in_force", "some parts have commenced, others have not"
    IN_FORCE = "in_force", "every part has commenced"
    SUSPENDED = "suspended", "its operation is suspended"
    EXPIRED = "expired", "lapsed at its own end date"
    REPEALED = "repealed", "repealed as a whole"
    STRUCK_DOWN = "struck_down", "held invalid as a whole by a court"
    NEVER_COMMENCED = "never_commenced", "made, and will not (or can no longer) commence"


class Standing(Word):
    """Whether a provision, with everything coded below it, is in force on a day."""

    IN_FORCE = "in_force", "in force, with everything coded below it"
    PARTLY_IN_FORCE = "partly_in_force", "of what is coded below it some is in force, some awaits"
    NOT_YET_IN_FORCE = "not_yet_in_force", "enacted with its law, and not commenced"
    NOT_IN_FORCE = "not_in_force", "not made yet, or ended"
    NOT_CODED = "not_coded", "only named: neither it nor anything below it is coded"


class RelationKind(Word):
    """How a law relates to another."""

    AMENDS = "amends", "changes the text of the other"
    MADE_UNDER = "made_under", "made in exercise of a power in the other"
    IMPLEMENTS = "implements", "gives effect to the other"
    REPLACES = "replaces", "takes the place of the other"
    MODELLED_ON = "modelled_on", "drafted after the other"
    REENACTS = "reenacts", "the other under a new title or number"


class EffectKind(Word):
    """What one law or judgment did to another, or to itself."""

    INTRODUCES = "introduces", "bill introduced in the legislature"
    PASSES = "passes", "passed by the legislature"
    ASSENTS = "assents", "assented to, or signed"
    PUBLISHES = "publishes", "published in the official gazette"
    COMMENCES = "commences", "brought into force"
    INSERTS = "inserts", "new provisions added"
    SUBSTITUTES = "substitutes", "provisions replaced by new ones"
    AMENDS = "amends", "provisions changed"
    REPEALS = "repeals", "provisions, or the law, removed"
    EXPIRES = "expires", "ends at a date set in advance"
    EXTENDS = "extends", "an end date moved later"
    SUSPENDS = "suspends", "operation suspended"
    STRIKES_DOWN = "strikes_down", "held invalid by a court"


class Outcome(Word):
    """What became of an effect."""

    DONE = "done", "an instrument fixed the date, even a future one"
    PENDING = "pending", "announced or enacted, its date still open or not yet fixed"
    REVOKED = "revoked", "a date had been fixed and was withdrawn before it came"
    NEVER = "never", "it can no longer happen"


class ProvisionKind(Word):
    """What unit of a law a provision is."""

    PART = "part", "part"
    CHAPTER = "chapter", "chapter"
    DIVISION = "division", "division, title or cross-heading"
    SECTION = "section", "section"
    ARTICLE = "article", "article"
    RULE = "rule", "rule or regulation of delegated legislation"
    PARAGRAPH = "paragraph", "paragraph"
    SCHEDULE = "schedule", "schedule or annex"


class ServiceClass(Word):
    """A class of online service."""

    ANY = "any", "no class named: every service the law covers"
    ONLINE_SERVICE = "online_service", "any service reachable over the internet"
    SOCIAL_MEDIA = "social_media", "social media service"
    USER_TO_USER = "user_to_user", "service on which users meet content of other users"
    MESSAGING = "messaging", "private messaging service"
    SEARCH = "search", "search engine"
    PORNOGRAPHY = "pornography", "service that publishes pornographic content"
    HOSTING = "hosting", "hosting service"
    VLOP = "vlop", "very large online platform (EU)"
    VLOSE = "vlose", "very large online search engine (EU)"
    APP_STORE = "app_store", "app distribution service"
    INTERNET_ACCESS = "internet_access", "internet access service"
    TELECOMMUNICATIONS = "telecommunications", "telephone or other telecommunication service"
    MARKETPLACE = "marketplace", "online marketplace or classifieds"
    PAYMENT = "payment", "payment or banking service"
    INTERNET_CONTENT = "internet_content", "provider of content on the internet"
    DIGITAL_ADVERTISING = "digital_advertising", "digital advertising or its intermediary"


class SourceKind(Word):
    """How close to the law a source is."""

    OFFICIAL = "official", "the official text, or a verbatim copy of it"
    CONSOLIDATED = "consolidated", "a consolidation by another publisher"
    SECONDARY = "secondary", "commentary, press, law firm, encyclopaedia"


class Verification(Word):
    """What a record was checked against."""

    OFFICIAL = "official", "checked against the official text"
    CONSOLIDATED = "consolidated", "checked against a consolidation by another publisher"
    SECONDARY = "secondary", "checked against secondary material only"
    UNVERIFIED = "unverified", "not checked against any source"


class Supports(Word):
    """What a source proves about a record."""

    TEXT = "text", "the wording as a whole"
    DATE = "date", "when it took effect"
    STATUS = "status", "introduction, passing, assent or publication"
    DEFINITION = "definition", "a definition"
    CONDUCT = "conduct", "what is punished"
    PENALTIES = "penalties", "penalties"
    FAULT = "fault", "the fault standard"
    AGE = "age", "an age limit"
    REACH = "reach", "extraterritorial reach"
    EXCEPTION = "exception", "an exception or defence"
    SENTENCING = "sentencing", "sentencing or measures after conviction"
    DUTY = "duty", "a duty of a service"
    POWER = "power", "a power of an authority"
    OBLIGATION = "obligation", "an obligation of states"
    EXTENT = "extent", "where it is law"
    DESIGNATION = "designation", "which services or persons are designated"


# --- facets -------------------------------------------------------------------------------------


class FacetKind(Word):
    """What kind of coded legal content a facet is."""

    DEFINITION = "definition", "what a term means"
    OFFENCE = "offence", "what is punished, and how"
    SENTENCING = "sentencing", "what is added to, or bounds, the sentence of offences"
    REACH = "reach", "jurisdiction beyond the territory"
    EXCEPTION = "exception", "who or what is excepted"
    DUTY = "duty", "what a service or person must do"
    POWER = "power", "what an authority may order"
    OBLIGATION = "obligation", "what a treaty or directive requires of states"


class Subject(Word):
    """What material, person or thing a definition, offence, duty or power is about."""

    CSAM = "csam", "child sexual abuse material, by a law of its own"
    INTIMATE = "intimate", "intimate images or recordings"
    OBSCENE = "obscene", "obscene or objectionable material in general"
    HARMFUL = "harmful", "harmful content as a platform law defines it, egregious content included"
    CRIMINAL = "criminal", "online activity or content linked to listed criminal offences"
    SCAM = "scam", "scams and malicious cyber activity"
    FALSEHOOD = "falsehood", "false statements of fact"
    HARASSMENT = "harassment", "harassment, stalking or publication of identity information"
    CHILD = "child", "who counts as a child or young person"
    RELATIONSHIP = "relationship", "which relationships are exploitative or of trust"
    SERVICE = "service", "which services a law covers"


class AgeHow(Word):
    """How age is tested in a definition."""

    IS = "is", "the person is below the age"
    APPEARS = "appears", "the person appears to be below the age"
    IMPLIED = "implied", "the person is implied or described to be below the age"


class Depicts(Word):
    """What kinds of depiction a definition covers."""

    REAL = "real", "images of real persons"
    REALISTIC = "realistic", "realistic images, computer-generated or altered ones included"
    FICTIONAL = "fictional", "drawings, cartoons and other evident fiction"
    TEXT = "text", "written text"
    AUDIO = "audio", "sound recordings"
    DOLL = "doll", "dolls or objects"


class Conduct(Word):
    """What an offence punishes."""

    PRODUCE = "produce", "make the material"
    USE_CHILD = "use_child", "use, cause or procure a child in its production, or let it happen"
    DISTRIBUTE = "distribute", "distribute, send, publish, show or sell it"
    OFFER = "offer", "offer or make it available"
    IMPORT = "import", "import or export it"
    ADVERTISE = "advertise", "advertise it, or say where it is to be had"
    SOLICIT = "solicit", "ask for or seek it"
    POSSESS = "possess", "have it in possession"
    ACCESS = "access", "gain access to it, view or stream it"
    LIVESTREAM = "livestream", "take part in, or arrange, a live transmission"
    ATTEND = "attend", "attend a performance"
    GROOM_MEET = "groom_meet", "groom a minor, with a meeting or a step towards one"
    GROOM_CONTACT = "groom_contact", "groom a minor by contact alone"
    SEXUAL_COMMUNICATION = "sexual_communication", "communicate sexually with a minor"
    SEXUAL_IMAGE_TO_CHILD = "sexual_image_to_child", "let or make a minor see a sexual image or act"
    SEXUAL_ACT = "sexual_act", "sexual act with or before a minor"
    COMMERCIAL_SEX = "commercial_sex", "obtain sexual services of a minor for consideration"
    TRAVEL = "travel", "travel, or organise travel, for such an offence"
    EXTORT = "extort", "threaten to distribute an image, or blackmail with it"
    VOYEURISM = "voyeurism", "observe or record in private"
    INTIMATE_IMAGE = "intimate_image", "distribute an intimate image without consent"
    EXPOSE = "expose", "sexual exposure"
    TOOL = "tool", "make or supply a tool for producing it"
    MANUAL = "manual", "possess or supply instructions for abuse"
    RUN_PLATFORM = "run_platform", "run or facilitate a service for it"
    ILL_TREAT = "ill_treat", "ill-treat, neglect or exploit a child"
    HARASS = "harass", "harass, threaten, stalk or publish identity information"
    FALSEHOOD = "falsehood", "communicate a false statement"
    FAIL_DUTY = "fail_duty", "fail to comply with a duty, direction or order"
    BREACH_CONDITION = "breach_condition", "breach a condition of release or supervision"
    MISLEAD = "mislead", "give false or misleading information to an authority"
    OBSTRUCT = "obstruct", "obstruct an officer"
    DISCLOSE = "disclose", "disclose what must be kept confidential"
    ABET = "abet", "abet, conspire or engage another in an offence"


class Purpose(Word):
    """The further purpose an offence asks for."""

    NONE = "none", "no further purpose is required"
    DISTRIBUTE = "distribute", "for distribution, sale or exhibition"
    GAIN = "gain", "for profit"
    SEXUAL_GRATIFICATION = "sexual_gratification", "for sexual gratification"
    HARM = "harm", "to humiliate, alarm, distress or cause harm"


class Fault(Word):
    """The lowest fault that suffices for an offence."""

    INTENT = "intent", "intention"
    KNOWLEDGE = "knowledge", "knowledge"
    RECKLESSNESS = "recklessness", "recklessness or rashness"
    REASON_TO_BELIEVE = "reason_to_believe", "reason to believe, or ought reasonably to have known"
    NEGLIGENCE = "negligence", "negligence"
    STRICT = "strict", "no fault need be proved"
    NOT_STATED = "not_stated", "the provision does not say, or it is not coded"


class Addition(Word):
    """What a sentencing rule adds: to a sentence, or to what and whom the punishment falls on."""

    REGISTRATION = "registration", "entry in a register of offenders"
    SUPERVISION = "supervision", "supervision after release"
    FORFEITURE = "forfeiture", "forfeiture or disposal of things"
    BAN = "ban", "ban from work, places, contacts or travel"
    PREVENTIVE = "preventive", "preventive or extended detention"
    ENHANCED = "enhanced", "a higher maximum in stated circumstances"
    CANING = "caning", "caning, or a bar to it"
    COMPENSATION = "compensation", "compensation of the victim"
    REMISSION = "remission", "early release on conditions"
    ATTEMPT = "attempt", "punishment of the attempt, by a rule that holds for offences in general"
    ENTITY = "entity", "punishment of entities, by a rule that holds for offences in general"


class Measure(Word):
    """A measure of supervision after release."""

    CURFEW = "curfew", "curfew hours or home confinement"
    ELECTRONIC_MONITORING = "electronic_monitoring", "electronic monitoring"
    CASE_MANAGEMENT = "case_management", "supervision by an officer, reporting"
    COUNSELLING = "counselling", "counselling, rehabilitation programme or treatment"
    RESIDENCE = "residence", "residence at a stated place or a halfway house"
    EMPLOYMENT = "employment", "work or study as required"
    TESTING = "testing", "drug or other tests"
    TRAVEL_LIMIT = "travel_limit", "no travel without permission"


class Basis(Word):
    """A ground on which a law reaches conduct. The bases within one entry are cumulative."""

    HERE = "here", "the act is done within the territory"
    PARTLY_HERE = "partly_here", "part of the act is done within the territory"
    OFFENDER_NATIONAL = "offender_national", "the offender is a national"
    OFFENDER_RESIDENT = "offender_resident", "the offender is a (permanent) resident"
    OFFENDER_BECAME = "offender_became", "the offender became a national or resident later"
    OFFENDER_FOUND = "offender_found", "the offender is found within the territory"
    OFFENDER_OFFICIAL = "offender_official", "the offender is a public servant or service member"
    FOR_LOCAL_ENTITY = "for_local_entity", "done for the benefit of an entity established here"
    VICTIM_NATIONAL = "victim_national", "the victim is a national"
    VICTIM_RESIDENT = "victim_resident", "the victim is a resident"
    VICTIM_HERE = "victim_here", "the victim is within the territory"
    EFFECT_HERE = "effect_here", "the harm or result occurs, or is intended to occur, here"
    IMPORT_INTENDED = "import_intended", "the material is meant for import"
    ACCESSIBLE_HERE = "accessible_here", "the content can be accessed here, wherever hosted"
    SERVICE_OFFERED_HERE = "service_offered_here", "the service is offered or used here"
    PROVIDER_ESTABLISHED_HERE = "provider_established_here", "the provider is established here"
    ANY_PERSON_ANYWHERE = "any_person_anywhere", "persons in or outside the territory alike"
    LOCAL_CRAFT = "local_craft", "on board a ship or aircraft registered here"
    UNIVERSAL = "universal", "anyone, anywhere, with no link required"


class Condition(Word):
    """A condition on reach."""

    DUAL_CRIMINALITY = "dual_criminality", "punishable also where it was done"
    MIN_PENALTY = "min_penalty", "the offence carries at least a stated penalty"
    PROSECUTOR_CONSENT = "prosecutor_consent", "a prosecutor or minister must consent"
    COMPLAINT = "complaint", "a complaint or request is needed"
    NO_FOREIGN_VERDICT = "no_foreign_verdict", "not already tried abroad"
    COMMERCE_LINK = "commerce_link", "a link to interstate or foreign commerce"


class Clock(Word):
    """The date of a case that picks the version of the law."""

    ACT = "act", "the date of the act"
    CONVICTION = "conviction", "the date of conviction or sentence"
    PROCEEDINGS = "proceedings", "the date proceedings begin"


class ExceptionKind(Word):
    """What kind of exception or defence."""

    OWN_IMAGE = "own_image", "images of oneself, or young persons' consensual images"
    CLOSE_IN_AGE = "close_in_age", "small age difference"
    MARRIAGE = "marriage", "lawful marriage"
    INADVERTENT = "inadvertent", "received unasked, or dealt with promptly"
    LAW_ENFORCEMENT = "law_enforcement", "law enforcement, prosecution or official duty"
    SCIENCE_ART = "science_art", "genuine education, science, medicine or art"
    AGE_MISTAKE = "age_mistake", "reasonable mistake about age"
    REPORTING = "reporting", "reporting or preventing abuse"
    REASONABLE_CONDUCT = "reasonable_conduct", "reasonable conduct or reasonable excuse"
    PUBLIC_INTEREST = "public_interest", "public interest or public good"
    DUE_DILIGENCE = "due_diligence", "all reasonable steps taken or due diligence exercised"
    NOT_PRACTICABLE = "not_practicable", "compliance was not reasonably practicable or possible"
    INTERMEDIARY = "intermediary", "mere intermediary or technical carriage"
    IMMUNITY = "immunity", "no civil or criminal liability for acts done in good faith or to comply"
    EXEMPTION = (
        "exemption",
        "persons or services left out by the law itself, a schedule or an order",
    )
    PRIVATE_COMMUNICATION = "private_communication", "private communications left out"


class DutyKind(Word):
    """What a duty requires."""

    REPORT = "report", "report material or an offence to an authority"
    PRESERVE = "preserve", "preserve data or keep records"
    REMOVE = "remove", "remove or disable content"
    DETECT = "detect", "search for or detect content proactively"
    ASSESS_RISK = "assess_risk", "assess risk"
    MITIGATE = "mitigate", "run systems, measures and standards that reduce exposure to harm"
    AGE_ASSURE = "age_assure", "establish or estimate users' age"
    PARENTAL_TOOLS = "parental_tools", "offer tools to parents, children or users"
    TRANSPARENCY = "transparency", "publish or submit reports on what was done"
    COMPLAINTS = "complaints", "let users report content and act on it"
    CONTACT_POINT = "contact_point", "name a contact point or representative"
    BLOCK = "block", "block access"
    VERIFY_IDENTITY = "verify_identity", "verify users or sellers"
    RESEARCHER_ACCESS = "researcher_access", "give researchers access to data"
    COMPLY = "comply", "comply with a direction, order or code"
    GIVE_INFORMATION = "give_information", "give information to an authority"
    COOPERATE = "cooperate", "cooperate with, or assist, an authority"
    KEEP_CONFIDENTIAL = "keep_confidential", "keep information confidential"
    INFORM_USERS = "inform_users", "inform users or publish a notice"


class Stance(Word):
    """How the law stands to what a duty is about."""

    REQUIRED = "required", "it must be done"
    PERMITTED = "permitted", "it may be done, where it would otherwise be unlawful"
    EXCLUDED = "excluded", "the law says that it is not required"


class Force(Word):
    """The force of a duty."""

    LAW = "law", "binding by statute or regulation"
    CODE = "code", "set by a code issued under a law"
    GUIDANCE = "guidance", "guidance only"


class PowerKind(Word):
    """What a power allows an authority to order or do."""

    REMOVE = "remove", "order content removed or its communication stopped"
    DISABLE = "disable", "order access to content disabled for local users"
    BLOCK = "block", "order access blocked by an access provider"
    RESTRICT_ACCOUNT = "restrict_account", "order an account restricted or closed"
    RESTRICT_SERVICE = "restrict_service", "order a service, or part of it, restricted"
    APP_REMOVE = "app_remove", "order an app removed from distribution"
    DELIST = "delist", "order content delisted or made less visible"
    CORRECT = "correct", "order a correction, label or reply to be carried"
    INFORM = "inform", "require information or identity"
    INSPECT = "inspect", "enter, inspect, seize or examine"
    ORDER_CODE = "order_code", "issue a code of practice"
    DESIGNATE = "designate", "designate a service, officer or person"
    DIRECT = "direct", "give other binding directions or require measures"
    FINE = "fine", "impose a financial penalty"
    INJUNCT = "injunct", "court order to do or stop something"
    EXEMPT = "exempt", "exempt persons or services"
    MAKE_RULES = "make_rules", "make subsidiary legislation or amend a schedule"
    APPOINT = "appoint", "appoint an officer or a body"
    REVIEW = "review", "reconsider, vary or cancel a decision; hear an appeal"
    PROSECUTE = "prosecute", "compound offences, prosecute or try them"
    DEFUND = "defund", "order money or advertising withheld"
    RELEASE = "release", "order release, recall or conditions after release"


class Addressee(Word):
    """Whom a power addresses."""

    COMMUNICATOR = "communicator", "the person who communicated or posted"
    ONLINE_PROVIDER = "online_provider", "the provider of the online service"
    HOST = "host", "whoever hosts or owns the online location"
    ACCESS_PROVIDER = "access_provider", "an internet access provider"
    APP_STORE = "app_store", "an app distribution service"
    SEARCH_PROVIDER = "search_provider", "a search service"
    FINANCIAL = "financial", "a bank, payment or advertising intermediary"
    INDIVIDUAL = "individual", "an individual"
    ANY_PERSON = "any_person", "any person"
    OFFENDER = "offender", "the offender or prisoner"
    AUTHORITY = "authority", "an authority or officer"
    LICENSEE = "licensee", "a licensee"


class Addressed(Word):
    """Whom an obligation binds."""

    STATES = "states", "the states party or member"
    AUTHORITIES = "authorities", "their authorities"


class Track(Word):
    """The procedural track of a penalty."""

    ANY = "any", "no track distinguished"
    INDICTMENT = "indictment", "on indictment"
    SUMMARY = "summary", "on summary conviction"
    CIVIL = "civil", "civil penalty"
    ADMINISTRATIVE = "administrative", "administrative penalty"


class Person(Word):
    """Who is punished."""

    ANY = "any", "no distinction made"
    INDIVIDUAL = "individual", "an individual"
    ENTITY = "entity", "an entity or body corporate"


class Combine(Word):
    """How the sanctions of one penalty combine."""

    ONE_ONLY = "one_only", "exactly one of them"
    ANY = "any", "one, several or all of them"
    ALL = "all", "all of them together"
    PRISON_PLUS_ONE = "prison_plus_one", "prison, to which one of the others may be added"
    PRISON_PLUS_ANY = "prison_plus_any", "prison, to which any of the others may be added"


class Caning(Word):
    """Whether a penalty includes caning."""

    NONE = "none", "no caning"
    DISCRETIONARY = "discretionary", "caning may be added"
    MANDATORY = "mandatory", "caning must be imposed"


class ShareOf(Word):
    """What a share of turnover is a share of."""

    NOT_STATED = "not_stated", "no share is named"
    WORLDWIDE = "worldwide", "worldwide turnover"
    SERVICE = "service", "turnover of the service"
    NATIONAL = "national", "turnover within the jurisdiction"


class PerDayFrom(Word):
    """From when a daily fine runs."""

    NOT_STATED = "not_stated", "not said"
    CONTRAVENTION = "contravention", "each day the contravention continues"
    CONVICTION = "conviction", "each day it continues after conviction"


class DeadlineClass(Word):
    """How a deadline is expressed."""

    FIXED = "fixed", "a number of hours or days"
    PROMPTLY = "promptly", "promptly, without delay, as soon as practicable"
    SET_BY_AUTHORITY = "set_by_authority", "the direction or order sets it"
    NOT_STATED = "not_stated", "no deadline is named"


class DeadlineFrom(Word):
    """From when a deadline runs."""

    NOT_STATED = "not_stated", "not said"
    KNOWLEDGE = "knowledge", "from knowledge"
    ORDER = "order", "from the order, direction or decision"
    REPORT = "report", "from a report by a user"
    EVENT = "event", "from a stated event"
