// HeartRegionChooser: which heart region the priors "in the heart" use.
#include "ui/panels/heart_region.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QImageReader>
#include <QLabel>
#include <QStandardItemModel>
#include <QVBoxLayout>
#include <cstring>

#include "core/pipeline/film_results.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

constexpr qint64 kMostPixels = 64'000'000;

cv::Mat toMat(const QImage& gray) {
    cv::Mat mat(gray.height(), gray.width(), CV_8UC1);
    for (int y = 0; y < gray.height(); ++y)
        std::memcpy(mat.ptr(y), gray.constScanLine(y), static_cast<std::size_t>(gray.width()));
    return mat;
}

}  // namespace

Result<cv::Mat> readHeartRegion(const std::filesystem::path& file) {
    const QString name = QString::fromStdString(file.string());
    if (!QFileInfo::exists(name))
        return Error{ErrorCode::NotFound, "heart region: the file is not there; choose another"};
    QImageReader reader(name);
    reader.setDecideFormatFromContent(true);
    const QSize size = reader.size();
    if (size.isValid() && qint64{size.width()} * size.height() > kMostPixels)
        return Error{ErrorCode::TooLarge, "heart region: the picture has more than 64 megapixels; use a smaller one"};
    const QImage picture = reader.read();
    if (picture.isNull())
        return Error{ErrorCode::Unsupported, "heart region: this is not a PNG or JPEG picture; choose a gray picture"};
    return toMat(picture.convertToFormat(QImage::Format_Grayscale8));
}

HeartRegionChooser::HeartRegionChooser(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("heartRegionChooser"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* label = new QLabel(tr("Heart"), this);
    label->setMinimumWidth(76);
    m_combo = new QComboBox(this);
    m_combo->setObjectName(QStringLiteral("heartRegionCombo"));
    m_combo->setAccessibleName(tr("Heart region"));
    m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_combo->setMinimumContentsLength(12);
    m_combo->addItem(tr("This film's heart"), ThisFilm);
    m_combo->addItem(tr("Population region"), Population);
    m_combo->addItem(tr("From a file…"), File);
    label->setBuddy(m_combo);
    row->addWidget(label);
    row->addWidget(m_combo, 1);
    m_message = wrappedText(QStringLiteral("heartRegionMessage"), this);
    m_message->setForegroundRole(QPalette::PlaceholderText);
    column->addLayout(row);
    column->addWidget(m_message);
    connect(m_combo, &QComboBox::activated, this, &HeartRegionChooser::choose);
    refresh();
}

void HeartRegionChooser::setFilm(const ImagePtr& film) {
    m_film = film;
    m_isMeasured = false;
    m_ownRegion.release();
    refresh();
}

void HeartRegionChooser::setMeasurement(const std::optional<ChestMeasurement>& measurement) {
    m_isMeasured = measurement.has_value();
    m_ownRegion.release();
    if (measurement && m_film) m_ownRegion = heartRegionOf(*measurement, m_film->width(), m_film->height());
    refresh();
    if (source() == ThisFilm) Q_EMIT regionChanged();
}

void HeartRegionChooser::setPopulationRegion(const cv::Mat& region) {
    m_populationRegion = region;
    if (!m_userChose) m_combo->setCurrentIndex(region.empty() ? ThisFilm : Population);
    refresh();
    Q_EMIT regionChanged();
}

bool HeartRegionChooser::loadFile(const QString& file) {
    auto loaded = readHeartRegion(std::filesystem::path(file.toStdString()));
    if (!loaded) {
        m_message->setText(QString::fromStdString(loaded.error().message));
        m_message->setVisible(true);
        return false;
    }
    m_fileRegion = std::move(loaded).value();
    m_fileName = QFileInfo(file).fileName();
    m_userChose = true;
    m_combo->setCurrentIndex(File);
    refresh();
    Q_EMIT regionChanged();
    return true;
}

HeartRegionChooser::Source HeartRegionChooser::source() const {
    return static_cast<Source>(m_combo->currentData().toInt());
}

cv::Mat HeartRegionChooser::region() const {
    switch (source()) {
        case ThisFilm:
            return m_ownRegion;
        case Population:
            return m_populationRegion;
        case File:
            return m_fileRegion;
    }
    return {};
}

QString HeartRegionChooser::missing() const {
    if (!region().empty()) return {};
    switch (source()) {
        case ThisFilm:
            return m_isMeasured
                       ? tr("No reliable heart was found on this film. Choose the population region or a file.")
                       : tr("The heart of this film is not known yet. It appears when the analysis is done.");
        case Population:
            return tr("The installed model brings no population region. Choose this film's heart or a file.");
        case File:
            return tr("Choose a gray picture of the heart region.");
    }
    return {};
}

void HeartRegionChooser::setUsable(bool usable) {
    m_combo->setEnabled(usable);
    m_combo->setToolTip(usable ? tr("Which region counts as the heart") : tr("This prior uses no heart region"));
    m_message->setVisible(usable && !m_message->text().isEmpty());
}

void HeartRegionChooser::choose(int index) {
    m_userChose = true;
    if (index == File) askForFile();
    refresh();
    Q_EMIT regionChanged();
}

void HeartRegionChooser::askForFile() {
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Heart region"), {}, tr("Pictures (*.png *.jpg *.jpeg)"));
    if (!file.isEmpty()) loadFile(file);
}

void HeartRegionChooser::refresh() {
    m_combo->setItemText(File, m_fileName.isEmpty() ? tr("From a file…") : tr("From file %1").arg(m_fileName));
    auto* items = qobject_cast<QStandardItemModel*>(m_combo->model());
    items->item(Population)->setEnabled(!m_populationRegion.empty());
    items->item(Population)
        ->setToolTip(m_populationRegion.empty() ? tr("The installed model brings no population region")
                                                : tr("Where hearts lie on the training films"));
    m_message->setText(missing());
    m_message->setVisible(m_combo->isEnabled() && !m_message->text().isEmpty());
}

}  // namespace cxr::ui
