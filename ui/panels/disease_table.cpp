// DiseaseTable: see disease_table.h.
#include "ui/panels/disease_table.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <set>

#include "ui/panels/disease_delegate.h"
#include "ui/panels/disease_model.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

// As high as all its rows: the panel around it scrolls.
class WholeList : public QListView {
  public:
    using QListView::QListView;
    [[nodiscard]] QSize sizeHint() const override {
        const int rows = model() ? model()->rowCount() : 0;
        return {200, rows * (fontMetrics().height() + 6) + 2 * frameWidth()};
    }
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }
};

}  // namespace

class DiseaseTable::Private {
  public:
    explicit Private(DiseaseTable* table) : q(table) {}

    void build();
    QWidget* buildChoices();
    QWidget* buildList();
    QWidget* buildDetail();
    void fillPoints();
    void showDetail();
    void changePreferences();
    void setPrevalence(std::optional<double> share);

    DiseaseTable* q;
    DiseaseModel model;
    FindingPreferences preferences;
    std::string chosen;

    QLabel *statement = nullptr, *headline = nullptr, *accuracy = nullptr, *predictive = nullptr;
    QComboBox *order = nullptr, *point = nullptr;
    WholeList* list = nullptr;
    QWidget* prevalenceRow = nullptr;
    QDoubleSpinBox* prevalence = nullptr;
    QToolButton* reset = nullptr;
};

DiseaseTable::DiseaseTable(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this)) {
    setObjectName(QStringLiteral("diseaseTable"));
    d->build();
}

DiseaseTable::~DiseaseTable() = default;

std::string DiseaseTable::currentFinding() const { return d->chosen; }

void DiseaseTable::setJudgement(const PackJudgement* pack, const FindingPreferences& preferences) {
    d->preferences = preferences;
    const std::string keep = d->chosen;
    {
        const QSignalBlocker quiet(d->list->selectionModel());
        d->model.setFindings(pack ? pack->findings : std::vector<FindingProbability>{}, preferences);
        const int row = std::max(0, d->model.rowOf(keep));
        d->list->setCurrentIndex(d->model.index(row));
    }
    const FindingProbability* shown = d->model.finding(d->list->currentIndex().row());
    d->chosen = shown ? shown->name : std::string();
    d->list->updateGeometry();
    d->fillPoints();
    if (pack) {
        d->statement->setText(tr("Probabilities by %1, no diagnosis. A tick marks the operating point.")
                                  .arg(text(pack->model.name + " " + pack->model.version)));
    }
    d->showDetail();
}

void DiseaseTable::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(buildChoices());
    column->addWidget(buildList());
    column->addWidget(buildDetail());
}

QWidget* DiseaseTable::Private::buildChoices() {
    auto* box = new QWidget(q);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    const auto combo = [&](const char* name, const QString& label, const QString& toolTip) {
        auto* made = new QComboBox(box);
        made->setObjectName(QLatin1String(name));
        made->setAccessibleName(label);
        made->setToolTip(toolTip);
        made->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        made->setMinimumContentsLength(10);
        row->addWidget(made, 1);
        return made;
    };
    order = combo("diseaseOrder", tr("Order of the diseases"), tr("Order of the diseases"));
    order->addItem(tr("Most probable first"), static_cast<int>(DiseaseOrder::Probability));
    order->addItem(tr("By name"), static_cast<int>(DiseaseOrder::Name));
    point = combo("operatingPoint", tr("Operating point"),
                  tr("From which probability on a finding counts as positive. 90 % specificity alarms falsely in one of ten; "
                     "best balance: most true positives for few false ones; 90 % sensitivity misses one in ten."));
    QObject::connect(order, &QComboBox::activated, q, [this] { changePreferences(); });
    QObject::connect(point, &QComboBox::activated, q, [this] { changePreferences(); });
    return box;
}

QWidget* DiseaseTable::Private::buildList() {
    auto* box = new QWidget(q);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    list = new WholeList(box);
    list->setObjectName(QStringLiteral("diseaseList"));
    list->setAccessibleName(tr("Diseases with the network's probabilities"));
    list->setFrameShape(QFrame::NoFrame);
    list->setModel(&model);
    list->setItemDelegate(new DiseaseDelegate(list));
    list->setUniformItemSizes(true);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    list->viewport()->setAutoFillBackground(false);
    QObject::connect(list->selectionModel(), &QItemSelectionModel::currentChanged, q, [this](const QModelIndex& now) {
        const FindingProbability* finding = model.finding(now.row());
        if (!finding) return;
        chosen = finding->name;
        showDetail();
        Q_EMIT q->findingChosen(text(chosen));
    });
    column->addWidget(new ProbabilityAxis(box));
    column->addWidget(list);
    return box;
}

QWidget* DiseaseTable::Private::buildDetail() {
    auto* card = new Card(QStringLiteral("diseaseDetail"), q);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(3);
    headline = wrappedText(QStringLiteral("diseaseHeadline"), card);
    QFont strong = headline->font();
    strong.setWeight(QFont::DemiBold);
    headline->setFont(strong);
    accuracy = wrappedText(QStringLiteral("diseaseAccuracy"), card);
    predictive = wrappedText(QStringLiteral("diseasePredictive"), card);
    prevalenceRow = new QWidget(card);
    auto* row = new QHBoxLayout(prevalenceRow);
    row->setContentsMargins(0, 2, 0, 2);
    auto* label = new QLabel(tr("&Prevalence"), prevalenceRow);
    prevalence = new QDoubleSpinBox(prevalenceRow);
    prevalence->setObjectName(QStringLiteral("prevalence"));
    prevalence->setAccessibleName(tr("Prevalence of this finding"));
    prevalence->setToolTip(tr("How many of the films that you read have this finding; predictive values follow from it"));
    prevalence->setRange(0.1, 99.9);
    prevalence->setDecimals(1);
    prevalence->setSuffix(tr(" %"));
    prevalence->setKeyboardTracking(false);
    label->setBuddy(prevalence);
    reset = new QToolButton(prevalenceRow);
    reset->setObjectName(QStringLiteral("resetPrevalence"));
    reset->setText(tr("Card's"));
    reset->setAccessibleName(tr("Prevalence of the card"));
    reset->setToolTip(tr("Back to the share among the films of the card"));
    reset->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(label);
    row->addWidget(prevalence);
    row->addWidget(reset);
    row->addStretch(1);
    statement = wrappedText(QStringLiteral("diseaseStatement"), q);
    statement->setForegroundRole(QPalette::PlaceholderText);
    for (QWidget* part : std::initializer_list<QWidget*>{headline, accuracy, prevalenceRow, predictive}) column->addWidget(part);
    QObject::connect(prevalence, &QDoubleSpinBox::valueChanged, q, [this](double percent) { setPrevalence(percent / 100); });
    QObject::connect(reset, &QToolButton::clicked, q, [this] { setPrevalence({}); });
    auto* box = new QWidget(q);
    auto* outer = new QVBoxLayout(box);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(4);
    outer->addWidget(card);
    outer->addWidget(statement);
    return box;
}

// The points that the pack has, under their names for people; the preferred one is chosen if it is among them.
void DiseaseTable::Private::fillPoints() {
    const QSignalBlocker quietOrder(order), quietPoint(point);
    order->setCurrentIndex(order->findData(static_cast<int>(preferences.order)));
    point->clear();
    std::set<std::string> known;
    for (int row = 0; row < model.rowCount(); ++row) {
        for (const FindingPoint& candidate : model.finding(row)->points) {
            if (known.insert(candidate.name).second) point->addItem(text(labelOf(candidate)), text(candidate.name));
        }
    }
    point->setVisible(point->count() > 0);
    const int preferred = point->findData(text(preferences.operatingPoint));
    point->setCurrentIndex(preferred >= 0 ? preferred : 0);
}

void DiseaseTable::Private::showDetail() {
    const FindingProbability* finding = model.finding(model.rowOf(chosen));
    q->setEnabled(finding != nullptr);
    if (!finding) return;
    headline->setText(QStringLiteral("%1: %2").arg(text(labelOf(*finding)), text(percentText(finding->probability))) +
                      QStringLiteral(", ") + text(decisionText(*finding) + pointText(*finding)));
    QStringList lines;
    if (!finding->isCalibrated) lines << tr("Not calibrated: the number orders films, it is no share of them.");
    if (finding->auc) lines << tr("On films like those of the card: %1.").arg(text(aucText(*finding)));
    if (finding->point && finding->point->sensitivity > 0) {
        lines << tr("There the point finds %1 of those that have it, and %2 of those without stay below it.")
                     .arg(text(percentText(finding->point->sensitivity)), text(percentText(finding->point->specificity)));
    }
    accuracy->setText(lines.join(QLatin1Char(' ')));
    accuracy->setVisible(!lines.isEmpty());
    const auto share = model.prevalenceOf(*finding);
    const bool canPredict = predictiveValues(*finding, share.value_or(0.1)).has_value();
    prevalenceRow->setVisible(canPredict);
    {
        const QSignalBlocker quiet(prevalence);
        prevalence->setValue(share.value_or(0.1) * 100);
    }
    reset->setEnabled(finding->prevalence && preferences.prevalences.contains(finding->name));
    reset->setToolTip(finding->prevalence ? tr("Back to %1, the share among the films of the card").arg(text(percentText(*finding->prevalence)))
                                          : tr("The card gives no prevalence"));
    const QString sentence = share ? text(predictiveText(*finding, *share)) : QString();
    predictive->setText(sentence.isEmpty() ? QString() : QStringLiteral("\u2192 ") + sentence);
    predictive->setVisible(!sentence.isEmpty());
    headline->setAccessibleName(headline->text());
    predictive->setAccessibleName(sentence);
}

void DiseaseTable::Private::changePreferences() {
    FindingPreferences wanted = preferences;
    wanted.order = static_cast<DiseaseOrder>(order->currentData().toInt());
    wanted.operatingPoint = point->currentData().toString().toStdString();
    Q_EMIT q->preferencesChanged(wanted);
}

void DiseaseTable::Private::setPrevalence(std::optional<double> share) {
    FindingPreferences wanted = preferences;
    if (share) {
        wanted.prevalences[chosen] = *share;
    } else {
        wanted.prevalences.erase(chosen);
    }
    Q_EMIT q->preferencesChanged(wanted);
}

}  // namespace cxr::ui
