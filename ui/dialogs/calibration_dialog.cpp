// CalibrationDialog: see calibration_dialog.h.
#include "ui/dialogs/calibration_dialog.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/measure/length_calibration.h"

namespace cxr::ui {

CalibrationDialog::CalibrationDialog(const QString& now, double suggestedMm, std::function<Result<Done>(double)> calibrate, QWidget* parent)
    : QDialog(parent), m_calibrate(std::move(calibrate)), m_length(new QDoubleSpinBox(this)), m_problem(new QLabel(this)) {
    setObjectName(QStringLiteral("calibrationDialog"));
    setWindowTitle(tr("Calibrate lengths"));
    m_length->setObjectName(QStringLiteral("calibrationLength"));
    m_length->setAccessibleName(tr("Length of the line in mm"));
    m_length->setToolTip(tr("The true length of what the line was drawn over, 1 to 1000 mm"));
    m_length->setRange(kLeastCalibrationMm, kMostCalibrationMm);
    m_length->setDecimals(2);
    m_length->setSuffix(tr(" mm"));
    m_length->setValue(suggestedMm);
    m_length->selectAll();
    m_problem->setObjectName(QStringLiteral("calibrationProblem"));
    m_problem->setProperty("danger", true);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* words = new QLabel(tr("The line is now %1. All lengths on this film will follow from the length that you give: ruler, heart and "
                                "chest width, report and exports. They hold for the depth at which the known object lay.").arg(now), this);
    words->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    QPushButton* ok = buttons->button(QDialogButtonBox::Ok);
    ok->setText(tr("Calibrate"));
    ok->setObjectName(QStringLiteral("calibrationOk"));
    ok->setAccessibleName(tr("Calibrate"));
    ok->setToolTip(tr("Take this length; Undo takes it back"));
    QPushButton* cancel = buttons->button(QDialogButtonBox::Cancel);
    cancel->setObjectName(QStringLiteral("calibrationCancel"));
    cancel->setAccessibleName(tr("Cancel"));
    cancel->setToolTip(tr("Lengths stay as they are"));
    connect(buttons, &QDialogButtonBox::accepted, this, &CalibrationDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &CalibrationDialog::reject);
    auto* form = new QFormLayout;
    form->addRow(tr("Length of the line"), m_length);
    auto* column = new QVBoxLayout(this);
    column->addWidget(words);
    column->addLayout(form);
    column->addWidget(m_problem);
    column->addWidget(buttons);
    setMinimumWidth(380);
}

void CalibrationDialog::accept() {
    const auto done = m_calibrate(m_length->value());
    if (done) return QDialog::accept();
    const QString sentence = QString::fromStdString(done.error().message);
    m_problem->setText(sentence.left(1).toUpper() + sentence.mid(1) + QLatin1Char('.'));
    m_problem->show();
}

}  // namespace cxr::ui
