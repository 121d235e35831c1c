"""Short names and what they stand for: those of the field, and those that a text defines.

A text defines one where it first uses it: "Group Relative Policy Optimization (GRPO)".
"""

import re
from collections.abc import Iterator

from searchapp.slugs import fold

# Well known in machine learning and computing; the long forms as slugs, parted by spaces.
# Only ever proposals: to another writer RAG may be a kind of paper.
_KNOWN = """
    a11y: accessibility
    ab-testing: split-testing
    agi: artificial-general-intelligence
    ai: artificial-intelligence
    ann: approximate-nearest-neighbor approximate-nearest-neighbors
    api: application-programming-interface
    ar: augmented-reality
    asr: automatic-speech-recognition speech-recognition
    aws: amazon-web-services
    bert: bidirectional-encoder-representations-from-transformers
    bi: business-intelligence
    bnn: bayesian-neural-network
    cd: continuous-delivery continuous-deployment
    cdn: content-delivery-network
    cep: complex-event-processing
    ci: continuous-integration
    ci-cd: continuous-integration-and-delivery
    cli: command-line-interface command-line
    cms: content-management-system content-management
    cnn: convolutional-neural-network
    cot: chain-of-thought
    covid: coronavirus
    covid-19: coronavirus
    cpt: continued-pretraining
    crm: customer-relationship-management
    css: cascading-style-sheets
    cv: computer-vision
    dao: decentralized-autonomous-organization
    dapp: decentralized-app decentralized-application distributed-app
    db: database
    ddd: domain-driven-design
    ddp: distributed-data-parallel
    devex: developer-experience
    devrel: developer-relations
    dl: deep-learning
    dlt: distributed-ledger-technology distributed-ledger
    dns: domain-name-system
    dpo: direct-preference-optimization
    dqn: deep-q-network deep-q-learning
    drl: deep-reinforcement-learning
    dx: developer-experience
    eda: exploratory-data-analysis
    em: expectation-maximization
    etl: extract-transform-load
    ev: electric-vehicle
    faas: functions-as-a-service function-as-a-service
    faq: frequently-asked-questions
    ffn: feed-forward-network
    foss: free-software open-source free-and-open-source-software
    fp: functional-programming
    fsdp: fully-sharded-data-parallel
    gan: generative-adversarial-network
    gcp: google-cloud google-cloud-platform
    gdpr: general-data-protection-regulation
    genai: generative-ai generative-artificial-intelligence
    gis: geographic-information-system
    gnn: graph-neural-network
    go: golang go-lang
    gp: gaussian-process
    gpu: graphics-processing-unit
    gqa: grouped-query-attention
    grpo: group-relative-policy-optimization
    gui: graphical-user-interface
    hci: human-computer-interaction
    hmm: hidden-markov-model
    hpc: high-performance-computing
    hpo: hyperparameter-optimization
    i18n: internationalization internationalisation
    iaas: infrastructure-as-a-service
    iac: infrastructure-as-code
    icl: in-context-learning
    ico: initial-coin-offering
    ide: integrated-development-environment
    iiot: industrial-iot industrial-internet-of-things
    iot: internet-of-things
    ir: information-retrieval
    irl: inverse-reinforcement-learning
    js: javascript
    k8s: kubernetes
    kd: knowledge-distillation
    kg: knowledge-graph
    knn: k-nearest-neighbors nearest-neighbors
    kv-cache: key-value-cache
    l10n: localization localisation
    lda: latent-dirichlet-allocation
    llm: large-language-model
    lm: language-model
    lora: low-rank-adaptation
    lsh: locality-sensitive-hashing
    lstm: long-short-term-memory
    marl: multi-agent-reinforcement-learning
    mcmc: markov-chain-monte-carlo
    mcp: model-context-protocol
    mcts: monte-carlo-tree-search
    mdp: markov-decision-process
    mha: multi-head-attention
    ml: machine-learning
    mla: multi-head-latent-attention
    mllm: multimodal-large-language-model
    mlp: multilayer-perceptron multi-layer-perceptron
    moe: mixture-of-experts
    mooc: massive-open-online-course
    mqa: multi-query-attention
    mt: machine-translation
    mwc: mobile-world-congress
    nas: neural-architecture-search
    ner: named-entity-recognition
    nlg: natural-language-generation
    nlp: natural-language-processing
    nlu: natural-language-understanding
    nmt: neural-machine-translation
    nn: neural-network neural-net
    node: node-js
    ocr: optical-character-recognition
    ood: out-of-distribution
    oop: object-oriented-programming
    opd: on-policy-distillation
    ops: operations
    orm: object-relational-mapping outcome-reward-model
    os: operating-system
    oss: open-source open-source-software
    p2p: peer-to-peer
    paas: platform-as-a-service
    pca: principal-component-analysis
    peft: parameter-efficient-fine-tuning
    pkm: personal-knowledge-management
    pl: programming-language
    pm: project-management product-management
    postgres: postgresql
    ppo: proximal-policy-optimization
    pr: pull-request
    prm: process-reward-model
    ptq: post-training-quantization
    pwa: progressive-web-app
    py: python
    qa: question-answering quality-assurance
    qat: quantization-aware-training
    qml: quantum-machine-learning
    rag: retrieval-augmented-generation
    rct: randomized-controlled-trial
    react: react-js
    recsys: recommender-system recommendation-system
    regex: regular-expression
    rest: rest-api
    rl: reinforcement-learning
    rlaif: reinforcement-learning-from-ai-feedback
    rlhf: reinforcement-learning-from-human-feedback
    rlvr: reinforcement-learning-with-verifiable-rewards
    rnn: recurrent-neural-network
    rope: rotary-position-embedding rotary-positional-embedding rotary-embedding
    rpg: role-playing role-playing-game
    saas: software-as-a-service
    sbom: software-bill-of-materials
    sdk: software-development-kit
    sdn: software-defined-networking
    seo: search-engine-optimization
    sft: supervised-fine-tuning
    sgd: stochastic-gradient-descent
    slam: simultaneous-localization-and-mapping
    slm: small-language-model
    sota: state-of-the-art
    sre: site-reliability-engineering
    ssg: static-site-generator
    ssl: self-supervised-learning
    ssm: state-space-model
    stt: speech-to-text
    svd: singular-value-decomposition
    svm: support-vector-machine
    tdd: test-driven-development
    ts: typescript
    tts: text-to-speech
    tv: television
    ui: user-interface
    uk: united-kingdom
    us: united-states
    usa: united-states
    ux: user-experience
    vae: variational-autoencoder
    vcs: version-control version-control-system
    vit: vision-transformer
    vla: vision-language-action-model vision-language-action
    vlm: vision-language-model visual-language-model
    vm: virtual-machine
    vpn: virtual-private-network
    vqa: visual-question-answering
    vr: virtual-reality
    vs-code: visual-studio-code
    vue: vue-js
    wasm: web-assembly
    wfh: working-from-home remote-work
    wsl: linux-subsystem-for-windows windows-subsystem-for-linux
    xai: explainable-ai
    xr: extended-reality
"""

KNOWN: dict[str, tuple[str, ...]] = {
    short.strip(): tuple(long.split())
    for short, _, long in (line.partition(":") for line in _KNOWN.strip().splitlines())
}

# A short name in brackets, with the words before it that it may stand for.
_DEFINED = re.compile(r"((?:[\w’'-]+[ \t\n/&]+){1,9})\(\s?([A-Za-z][A-Za-z0-9/&-]{1,9})s?\s?[),;]")
_SMALL = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with")
)
_PLURAL = re.compile(r"[A-Z0-9-]{2,}s")
_PARTS = re.compile(r"[^\W_]+")


def definitions_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the short names that a text defines, folded, each with the long one's words.

    The words are those before the bracket whose first letters make up the short name; small
    words may be passed over: "Fear of Missing Out (FOMO)", "Chain of Thought (CT)".
    """
    if "(" not in text:
        return
    for found in _DEFINED.finditer(text):
        short = found[2][:-1] if _PLURAL.fullmatch(found[2]) else found[2]
        if sum(c.isupper() for c in short) < 2:
            continue
        words = _PARTS.findall(fold(found[1]))
        letters = re.sub(r"[^a-z0-9]", "", fold(short))
        for number in range(2, len(words) + 1):
            long = words[-number:]
            if long[0] not in _SMALL and _spells(letters, long):
                yield fold(short), " ".join(long)
                break


def _spells(letters: str, words: list[str]) -> bool:
    """Whether letters are the words' first ones in order, small words skipped or not."""
    if not words:
        return not letters
    first, *rest = words
    if letters[:1] == first[0] and _spells(letters[1:], rest):
        return True
    return first in _SMALL and _spells(letters, rest)
