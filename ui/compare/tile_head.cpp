// TileHead: see tile_head.h.
#include "ui/compare/tile_head.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <algorithm>

#include "core/engine/explain_methods.h"
#include "core/prior/prior_spec.h"

namespace cxr::ui {

namespace {

QVariant dataOf(const TileChoice& choice) {
    return QVariantList{static_cast<int>(choice.kind), choice.name, choice.pack};
}

TileChoice choiceOf(const QVariant& data) {
    const QVariantList parts = data.toList();
    TileChoice choice;
    choice.kind = static_cast<TileChoice::Kind>(parts.value(0).toInt());
    choice.name = parts.value(1).toString();
    choice.pack = parts.value(2).toString();
    return choice;
}

QComboBox* makeCombo(QWidget* parent, const QString& name, const QString& label, const QString& toolTip) {
    auto* combo = new QComboBox(parent);
    combo->setObjectName(name);
    combo->setAccessibleName(label);
    combo->setToolTip(toolTip);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    return combo;
}

}  // namespace

TileHead::TileHead(int number, const QString& prefix, Offer offer, Explanations& explanations, QWidget* parent)
    : QWidget(parent), m_number(number), m_offer(offer), m_explanations(explanations) {
    m_source = makeCombo(this, prefix + QStringLiteral("Source%1").arg(number), tr("Picture %1").arg(number), tr("What this picture shows"));
    m_method = makeCombo(this, prefix + QStringLiteral("Method%1").arg(number), tr("Method of picture %1").arg(number), tr("How the finding is explained"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_source, 3);
    row->addWidget(m_method, 2);
    connect(m_source, &QComboBox::currentIndexChanged, this, &TileHead::onSource);
    connect(m_method, &QComboBox::currentIndexChanged, this, &TileHead::onMethod);
    connect(&m_explanations, &Explanations::factsKnown, this, [this] {
        if (fillMethods()) Q_EMIT methodReplaced();
    });
}

void TileHead::fill(const std::vector<OtherFilm>& others, const QString& film) {
    fillSources(others, film);
    fillMethods();
}

bool TileHead::choose(const TileChoice& choice) {
    const int index = m_source->findData(dataOf(choice));
    if (index < 0) return false;
    const QSignalBlocker quiet(m_source);
    m_source->setCurrentIndex(index);
    m_choice = m_wanted = choice;
    fillMethods();
    return true;
}

void TileHead::fillSources(const std::vector<OtherFilm>& others, const QString& film) {
    const QSignalBlocker quiet(m_source);
    m_source->clear();
    const auto add = [this](const QString& label, const TileChoice& choice) { m_source->addItem(label, dataOf(choice)); };
    add(film.isEmpty() ? tr("Film") : tr("Film %1").arg(film), {TileChoice::Kind::Film, {}, {}});
    for (const ExplainTarget& target : m_explanations.targets()) {
        const QString label = QStringLiteral("%1 %2 \u00b7 %3")
                                  .arg(QString::fromStdString(labelOf(target.finding)), QString::fromStdString(percentText(target.finding.probability)),
                                       QString::fromStdString(target.model.name));
        add(label, {TileChoice::Kind::Map, QString::fromStdString(target.finding.name), QString::fromStdString(target.model.id)});
    }
    if (m_offer == Offer::Everything) {
        if (m_number > 2) add(tr("Picture 1 minus picture 2"), {TileChoice::Kind::Difference, {}, {}});
        for (const std::string& prior : priorNames()) add(tr("HeartSpot %1").arg(QString::fromStdString(prior)), {TileChoice::Kind::Prior, QString::fromStdString(prior), {}});
        for (const OtherFilm& other : others) add(tr("Film %1").arg(other.title), {TileChoice::Kind::OtherFilm, other.path, {}});
    }
    const int wanted = m_source->findData(dataOf(m_wanted));
    m_source->setCurrentIndex(std::max(0, wanted));
    m_choice = wanted < 0 ? choiceOf(m_source->currentData()) : m_wanted;
}

// True: the chosen method was not among those of the pack, and another was taken.
bool TileHead::fillMethods() {
    const bool isMap = m_choice.kind == TileChoice::Kind::Map;
    m_method->setVisible(isMap);
    if (!isMap) return false;
    const QSignalBlocker quiet(m_method);
    std::vector<ExplainMethod> allowed;
    if (const PackFacts* facts = m_explanations.factsOf(m_choice.pack.toStdString())) allowed = facts->methods;
    if (allowed.empty()) allowed = {m_choice.method};
    m_method->clear();
    for (const ExplainMethod one : allowed) m_method->addItem(QString::fromStdString(explainMethodInfo(one).name), static_cast<int>(one));
    const int index = m_method->findData(static_cast<int>(m_choice.method));
    m_method->setCurrentIndex(std::max(0, index));
    if (index < 0) m_choice.method = allowed.front();
    return index < 0;
}

void TileHead::onSource() {
    const TileChoice before = m_choice;
    m_choice = choiceOf(m_source->currentData());
    const bool wasMap = before.kind == TileChoice::Kind::Map;  // its method is the reader's
    m_choice.method = wasMap ? before.method : m_explanations.defaultMethod(m_choice.pack.toStdString(), m_choice.name.toStdString());
    m_wanted = m_choice;
    fillMethods();
    Q_EMIT chosen();
}

void TileHead::onMethod() {
    m_choice.method = static_cast<ExplainMethod>(m_method->currentData().toInt());
    m_wanted = m_choice;
    Q_EMIT chosen();
}

}  // namespace cxr::ui
