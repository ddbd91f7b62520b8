// An archive takes what we write: Orthanc runs as a plain process on loopback, storescu sends every object, REST says
// stored.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QDeadlineTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "core/base/atomic_file.h"
#include "tests/core/dicom_out/sample_results.h"

using namespace cxr;
using namespace cxr::test;

namespace fs = std::filesystem;

namespace {

// A port of loopback that nobody has right now; 0 when there is none.
int freePort() {
    const int handle = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    int port = 0;
    if (::bind(handle, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
        ::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &length) == 0)
        port = ntohs(address.sin_port);
    ::close(handle);
    return port;
}

// GET of an HTTP/1.0 server on loopback: the body, empty on failure.
QByteArray get(int port, const QByteArray& target) {
    const int handle = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    QByteArray answer;
    if (::connect(handle, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        const QByteArray request = "GET " + target + " HTTP/1.0\r\n\r\n";
        char buffer[4096];
        if (::send(handle, request.constData(), static_cast<std::size_t>(request.size()), 0) == request.size()) {
            for (ssize_t count = 0; (count = ::recv(handle, buffer, sizeof buffer, 0)) > 0;)
                answer.append(buffer, static_cast<qsizetype>(count));
        }
    }
    ::close(handle);
    return answer.mid(answer.indexOf("\r\n\r\n") + 4);
}

// Orthanc with its own empty storage; killed when it goes out of scope.
class Archive {
  public:
    Archive(const QString& program, const QString& folder) : m_http(freePort()), m_dicom(freePort()) {
        const QJsonObject configuration{
            {"Name", "test"},          {"HttpPort", m_http},           {"DicomPort", m_dicom},
            {"DicomAet", "ARCHIVE"},   {"StorageDirectory", folder},   {"IndexDirectory", folder},
            {"Plugins", QJsonArray()}, {"RemoteAccessAllowed", false}, {"AuthenticationEnabled", false}};
        const std::string file = (folder + "/orthanc.json").toStdString();
        const QByteArray text = QJsonDocument(configuration).toJson();
        if (!writeFileAtomically(file, std::string_view(text.constData(), static_cast<std::size_t>(text.size())))
                 .isOk())
            return;
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(program, {QString::fromStdString(file)});
    }
    ~Archive() {
        m_process.kill();
        m_process.waitForFinished();
    }
    bool waitUntilReady() {
        const QDeadlineTimer deadline(60'000);
        while (!m_said.contains("Orthanc has started") && !deadline.hasExpired() &&
               m_process.state() != QProcess::NotRunning) {
            m_process.waitForReadyRead(1000);
            m_said += m_process.readAll();
        }
        return m_said.contains("Orthanc has started");
    }
    [[nodiscard]] const QByteArray& said() const { return m_said; }
    [[nodiscard]] int httpPort() const { return m_http; }
    [[nodiscard]] int dicomPort() const { return m_dicom; }

  private:
    int m_http, m_dicom;
    QProcess m_process;
    QByteArray m_said;
};

}  // namespace

class TestOrthancStore : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void storesEveryObject() {
        const QString orthanc = QStandardPaths::findExecutable("Orthanc", {"/usr/sbin", "/usr/bin"});
        const QString storescu = QStandardPaths::findExecutable("storescu");
        if (orthanc.isEmpty()) QSKIP("Orthanc is not installed (package orthanc)");
        if (storescu.isEmpty()) QSKIP("storescu is not installed (package dcmtk)");
        QTemporaryDir objects, storage;
        const fs::path folder = objects.path().toStdString();
        const SampleFilm sample = sampleFilm(folder);
        QVERIFY(sample.results.image != nullptr);
        const Result<SourceFilm> film = SourceFilm::read(sample.file);
        QVERIFY(film.isOk());
        const auto files = writeObjects(film.value(), sample.results, newObjectRun("1.2.3"),
                                        {kResultKinds.begin(), kResultKinds.end()}, folder);
        QVERIFY(files.isOk());

        Archive archive(orthanc, storage.path());
        QVERIFY2(archive.waitUntilReady(), archive.said().constData());
        QStringList arguments{"-R",
                              "-aec",
                              "ARCHIVE",
                              "127.0.0.1",
                              QString::number(archive.dicomPort()),
                              QString::fromStdString(sample.file.string())};
        for (const fs::path& file : files.value().written) arguments << QString::fromStdString(file.string());
        QProcess sender;
        sender.setProcessChannelMode(QProcess::MergedChannels);
        sender.start(storescu, arguments);
        const bool isSent = sender.waitForFinished(60'000);
        if (!isSent) sender.kill(), sender.waitForFinished();
        QVERIFY2(isSent && sender.exitCode() == 0, sender.readAll().constData());

        const QJsonArray stored = QJsonDocument::fromJson(get(archive.httpPort(), "/instances")).array();
        QCOMPARE(stored.size(), static_cast<qsizetype>(files.value().written.size() + 1));
        QCOMPARE(QJsonDocument::fromJson(get(archive.httpPort(), "/studies")).array().size(),
                 1);  // all in the film's study
        std::set<QString> modalities;
        for (const QJsonValue& series : QJsonDocument::fromJson(get(archive.httpPort(), "/series?expand")).array())
            modalities.insert(series.toObject()["MainDicomTags"].toObject()["Modality"].toString());
        QCOMPARE(modalities, (std::set<QString>{"CR", "SR", "SEG", "PR", "OT", "DOC"}));
    }
};

QTEST_GUILESS_MAIN(TestOrthancStore)
#include "tst_orthanc_store.moc"
