// WindowBar: see window_bar.h.
#include "ui/panels/window_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <cmath>

#include "ui/icons.h"

namespace cxr::ui {

namespace {

constexpr double kLimit = 1e7;       // modality values
constexpr double kLeastWidth = 1e-3;
constexpr int kBoxWidthPx = 92;
constexpr int kIconPx = 20;

}  // namespace

WindowBar::WindowBar(QMenu* presetMenu, QWidget* parent) : QWidget(parent) {
    setObjectName("windowBar");
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 4, 0);
    layout->setSpacing(4);
    m_center = makeBox("windowCenter", tr("Window centre"), tr("Window centre: the value shown as mid gray"), -kLimit);
    m_width = makeBox("windowWidth", tr("Window width"), tr("Window width: the range of values between black and white"),
                      kLeastWidth);
    const auto label = [this](const QString& text, QWidget* buddy) {
        auto* made = new QLabel(text, this);
        made->setProperty("quiet", true);
        made->setBuddy(buddy);
        return made;
    };
    layout->addWidget(label(tr("Centre"), m_center));
    layout->addWidget(m_center);
    layout->addSpacing(4);
    layout->addWidget(label(tr("Width"), m_width));
    layout->addWidget(m_width);
    auto* button = new QToolButton(this);
    button->setObjectName("presetButton");
    button->setAccessibleName(tr("Window presets"));
    button->setToolTip(tr("Window presets (keys 1 to 9)"));
    button->setIcon(themedIcon("preset"));
    button->setIconSize(QSize(kIconPx, kIconPx));
    button->setMenu(presetMenu);
    button->setPopupMode(QToolButton::InstantPopup);
    layout->addWidget(button);
}

QDoubleSpinBox* WindowBar::makeBox(const QString& name, const QString& accessibleName, const QString& toolTip, double low) {
    auto* box = new QDoubleSpinBox(this);
    box->setObjectName(name);
    box->setAccessibleName(accessibleName);
    box->setToolTip(toolTip);
    box->setRange(low, kLimit);
    box->setDecimals(0);
    box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    box->setKeyboardTracking(false);
    box->setFixedWidth(kBoxWidthPx);
    box->setFocusPolicy(Qt::StrongFocus);
    connect(box, &QDoubleSpinBox::valueChanged, this, &WindowBar::enter);
    return box;
}

void WindowBar::setVoi(const VoiSetting& voi) {
    m_voi = voi;
    const QSignalBlocker centerBlocker(m_center);
    const QSignalBlocker widthBlocker(m_width);
    const int decimals = voi.width < 20 ? 2 : 0;  // films of few values, or rescaled to fractions
    for (QDoubleSpinBox* box : {m_center, m_width}) {
        box->setDecimals(decimals);
        box->setSuffix(voi.table ? tr(" (table)") : QString());
    }
    m_center->setValue(voi.center);
    m_width->setValue(voi.width);
}

void WindowBar::enter() {
    VoiSetting voi = m_voi;
    voi.table.reset();
    voi.center = m_center->value();
    voi.width = voi.function == VoiFunction::Linear ? std::max(1.0, m_width->value()) : m_width->value();
    setVoi(voi);
    Q_EMIT voiEntered(voi);
}

}  // namespace cxr::ui
