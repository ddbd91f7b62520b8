// The facts of a film as rows for people.
#include "ui/panels/film_facts.h"

#include <QCoreApplication>

namespace cxr::ui {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("FilmFacts", text); }

QString sizeText(const Image& image) { return tr("%1 × %2 px").arg(image.width()).arg(image.height()); }

QString spacingText(const Spacing& spacing) {
    if (!spacing.isKnown()) return tr("unknown: lengths in px");
    const bool square = spacing.rowMm == spacing.columnMm;
    const QString step =
        square ? tr("%1 mm/px").arg(spacing.columnMm, 0, 'g', 4)
               : tr("%1 × %2 mm/px (across × down)").arg(spacing.columnMm, 0, 'g', 4).arg(spacing.rowMm, 0, 'g', 4);
    return step + tr(", from %1").arg(QString::fromStdString(originText(spacing)));
}

QString codingText(const EncodingFacts& coding) {
    QStringList parts{QString::fromStdString(coding.format)};
    if (!coding.transferSyntax.empty()) parts << QString::fromStdString(coding.transferSyntax);
    parts << tr(coding.isSigned ? "%1 of %2 bits, signed" : "%1 of %2 bits")
                 .arg(coding.bitsStored)
                 .arg(coding.bitsAllocated);
    return parts.join(QStringLiteral(", "));
}

QString compressionText(const EncodingFacts& coding) {
    if (!coding.isLossy) return {};
    return coding.lossyRatio > 0 ? tr("lossy, %1 : 1").arg(coding.lossyRatio, 0, 'g', 3) : tr("lossy, ratio unknown");
}

QString photometricText(const EncodingFacts& coding) {
    const QString name = QString::fromStdString(coding.photometric);
    return coding.wasColor ? name + tr(", shown as gray") : name;
}

}  // namespace

std::vector<FilmFact> filmFactKeys() {
    return {
        {QStringLiteral("filmView"), tr("View"),
         tr("Direction of the beam, from the header only. The ratio is unqualified on PA films only")},
        {QStringLiteral("filmLaterality"), tr("Laterality"), tr("From the header only")},
        {QStringLiteral("filmSize"), tr("Size"), tr("Columns × rows of the film as stored")},
        {QStringLiteral("filmSpacing"), tr("Spacing"),
         tr("Distance between pixels and where it comes from. Lengths taken at the detector are larger than in the "
            "patient")},
        {QStringLiteral("filmPhotometric"), tr("Photometric"),
         tr("Whether low stored values are bright (MONOCHROME1) or dark (MONOCHROME2)")},
        {QStringLiteral("filmCoding"), tr("Coding"), tr("File format, transfer syntax and bits per sample")},
        {QStringLiteral("filmLossy"), tr("Compression"), tr("Lossy compression may hide fine detail")},
        {QStringLiteral("filmFrames"), tr("Frames"), tr("Only the first frame is shown")},
        {QStringLiteral("filmWindow"), tr("Window"), tr("Where the window that the film opened with comes from")},
        {QStringLiteral("filmDevice"), tr("Taken with"), tr("Modality and device named in the header")},
    };
}

std::vector<FilmFact> filmFacts(const Image& image) {
    const QString frames = image.encoding.frames > 1 ? tr("first of %1").arg(image.encoding.frames) : QString();
    QStringList device;
    for (const std::string& part : {image.study.modality, image.study.manufacturer, image.study.modelName})
        if (!part.empty()) device << QString::fromStdString(part);
    return {
        {QStringLiteral("filmView"), tr("View"), QLatin1String(toString(image.view))},
        {QStringLiteral("filmLaterality"), tr("Laterality"), QLatin1String(toString(image.laterality))},
        {QStringLiteral("filmSize"), tr("Size"), sizeText(image)},
        {QStringLiteral("filmSpacing"), tr("Spacing"), spacingText(image.spacing)},
        {QStringLiteral("filmPhotometric"), tr("Photometric"), photometricText(image.encoding)},
        {QStringLiteral("filmCoding"), tr("Coding"), codingText(image.encoding)},
        {QStringLiteral("filmLossy"), tr("Compression"), compressionText(image.encoding)},
        {QStringLiteral("filmFrames"), tr("Frames"), frames},
        {QStringLiteral("filmWindow"), tr("Window"), QString::fromStdString(image.defaultVoiOrigin)},
        {QStringLiteral("filmDevice"), tr("Taken with"), device.join(QLatin1Char(' '))},
    };
}

}  // namespace cxr::ui
