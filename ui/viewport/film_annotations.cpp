// See film_annotations.h.
#include "ui/viewport/film_annotations.h"

#include <algorithm>

namespace cxr::ui {

namespace {

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

// The parts that are not empty, with a middle dot between.
QString joined(const QStringList& parts) {
    QStringList kept;
    std::copy_if(parts.begin(), parts.end(), std::back_inserter(kept), [](const QString& part) { return !part.isEmpty(); });
    return kept.join(QStringLiteral(" · "));
}

void addLine(QStringList& lines, const QString& line) {
    if (!line.isEmpty()) lines << line;
}

QStringList patientLines(const PatientBanner& patient) {
    QStringList lines;
    addLine(lines, text(patient.name));
    if (!patient.id.empty()) lines << QStringLiteral("ID ") + text(patient.id);
    const QString born = patient.birthDate.empty() ? QString() : QStringLiteral("born ") + text(patient.birthDate);
    addLine(lines, joined({born, text(patient.sex), ageText(patient.age)}));
    return lines;
}

QStringList studyLines(const Image& image) {
    QStringList lines;
    const StudyFacts& study = image.study;
    addLine(lines, text(study.institution));
    addLine(lines, joined({text(study.studyDate), text(study.studyTime)}));
    addLine(lines, joined({text(study.studyDescription), text(study.seriesDescription)}));
    const QString view = image.view == ViewPosition::Unknown ? QStringLiteral("view unknown")
                                                             : QString::fromLatin1(toString(image.view));
    addLine(lines, joined({text(study.modality), view}));
    if (image.rowDirection.empty() && image.columnDirection.empty()) lines << QStringLiteral("orientation unknown");
    if (study.modality.empty()) lines << text(image.sourceName);
    return lines;
}

QString lossyText(const EncodingFacts& encoding) {
    if (!encoding.isLossy) return {};
    const QString codec = text(encoding.transferSyntax.empty() ? encoding.format : encoding.transferSyntax);
    const QString ratio =
        encoding.lossyRatio > 0 ? QStringLiteral("%1:1").arg(encoding.lossyRatio, 0, 'g', 3) : QString();
    return QStringLiteral("LOSSY ") + joined({codec, ratio});
}

}  // namespace

QString ageText(const std::string& dicomAge) {
    const QString age = text(dicomAge);
    bool isNumber = false;
    const int count = age.left(3).toInt(&isNumber);
    if (age.size() != 4 || !isNumber) return age;
    switch (age.at(3).toLatin1()) {
        case 'Y': return QStringLiteral("%1 y").arg(count);
        case 'M': return QStringLiteral("%1 months").arg(count);
        case 'W': return QStringLiteral("%1 weeks").arg(count);
        case 'D': return QStringLiteral("%1 days").arg(count);
        default: return age;
    }
}

QString windowText(const Image& image, const VoiSetting& voi) {
    QString name;
    for (const VoiPreset& preset : image.presets) {
        if (preset.setting == voi) name = text(preset.name);
    }
    if (voi.table) return joined({QStringLiteral("VOI table"), name.isEmpty() ? text(voi.table->explanation) : name});
    const QString function = voi.function == VoiFunction::Sigmoid ? QStringLiteral("sigmoid") : QString();
    const QString window =
        QStringLiteral("C %1  W %2").arg(QString::number(voi.center, 'g', 5), QString::number(voi.width, 'g', 5));
    return joined({window, function, name});
}

QString spacingText(const Spacing& spacing) {
    if (!spacing.isKnown()) return QStringLiteral("no pixel spacing: lengths in px");
    const QString column = QString::number(spacing.columnMm, 'g', 4);
    const QString row = QString::number(spacing.rowMm, 'g', 4);
    const QString size = column == row ? column : row + QStringLiteral(" × ") + column;
    return QStringLiteral("%1 mm/px (%2)").arg(size, text(originText(spacing)));
}

CornerTexts cornerTexts(const Image& image, const VoiSetting& voi, bool isInverted, double zoom) {
    CornerTexts texts;
    texts.topLeft = patientLines(image.patient);
    texts.topRight = studyLines(image);
    addLine(texts.bottomLeft, lossyText(image.encoding));
    texts.bottomLeft << spacingText(image.spacing);
    texts.bottomLeft << QStringLiteral("zoom %1 %").arg(zoom * 100, 0, 'f', zoom < 0.1 ? 1 : 0);
    texts.bottomLeft << joined({windowText(image, voi), isInverted ? QStringLiteral("inverted") : QString()});
    return texts;
}

}  // namespace cxr::ui
