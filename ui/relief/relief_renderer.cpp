// ReliefRenderer: see relief_renderer.h.
#include "ui/relief/relief_renderer.h"

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkImageData.h>
#include <vtkLight.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>
#include <vtkTexture.h>
#include <vtkUnsignedCharArray.h>

#include <QColor>
#include <array>
#include <cmath>

#include "ui/relief/egl_context.h"

namespace cxr::ui {

namespace {

constexpr double kGround[3] = {0.063, 0.075, 0.094};
constexpr double kAmbient = 0.46, kDiffuse = 0.56;

// Normal of the heights at a point of the grid, from its neighbours.
Vector3 normalAt(const HeightGrid& grid, int row, int column, double stepX, double stepY) {
    const auto height = [&](int r, int c) {
        r = std::clamp(r, 0, grid.rows - 1), c = std::clamp(c, 0, grid.columns - 1);
        return static_cast<double>(grid.heights[static_cast<std::size_t>(r) * static_cast<std::size_t>(grid.columns) + static_cast<std::size_t>(c)]);
    };
    const Vector3 normal{-(height(row, column + 1) - height(row, column - 1)) / (2 * stepX), (height(row + 1, column) - height(row - 1, column)) / (2 * stepY), 1};
    return normal * (1 / std::sqrt(normal.dot(normal)));
}

vtkSmartPointer<vtkPolyData> skinData(const HeightGrid& grid, QSizeF film) {
    vtkNew<vtkPoints> points;
    vtkNew<vtkFloatArray> texture, normals;
    texture->SetNumberOfComponents(2);
    texture->SetName("texture");
    normals->SetNumberOfComponents(3);
    normals->SetName("normals");
    const double side = std::max(film.width(), film.height());
    const double stepX = film.width() / side / (grid.columns - 1), stepY = film.height() / side / (grid.rows - 1);
    for (int row = 0; row < grid.rows; ++row) {
        for (int column = 0; column < grid.columns; ++column) {
            const double u = static_cast<double>(column) / (grid.columns - 1), v = static_cast<double>(row) / (grid.rows - 1);
            const float height = grid.heights[static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.columns) + static_cast<std::size_t>(column)];
            const Vector3 at = worldOf({u * film.width(), v * film.height()}, height, film);
            const Vector3 normal = normalAt(grid, row, column, stepX, stepY);
            points->InsertNextPoint(at.x, at.y, at.z);
            normals->InsertNextTuple3(normal.x, normal.y, normal.z);
            texture->InsertNextTuple2(u, 1 - v);
        }
    }
    vtkNew<vtkCellArray> cells;
    for (int row = 0; row + 1 < grid.rows; ++row) {
        for (int column = 0; column + 1 < grid.columns; ++column) {
            const vtkIdType first = static_cast<vtkIdType>(row) * grid.columns + column;
            const vtkIdType upper[3] = {first, first + grid.columns, first + 1};
            const vtkIdType lower[3] = {first + 1, first + grid.columns, first + grid.columns + 1};
            cells->InsertNextCell(3, upper);
            cells->InsertNextCell(3, lower);
        }
    }
    auto skin = vtkSmartPointer<vtkPolyData>::New();
    skin->SetPoints(points);
    skin->SetPolys(cells);
    skin->GetPointData()->SetTCoords(texture);
    skin->GetPointData()->SetNormals(normals);
    return skin;
}

// VTK's pictures begin at the lower left corner.
vtkSmartPointer<vtkTexture> textureOf(const QImage& picture) {
    vtkNew<vtkImageData> data;
    data->SetDimensions(picture.width(), picture.height(), 1);
    data->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
    for (int y = 0; y < picture.height(); ++y) {
        const auto* row = reinterpret_cast<const QRgb*>(picture.constScanLine(picture.height() - 1 - y));
        auto* target = static_cast<unsigned char*>(data->GetScalarPointer(0, y, 0));
        for (int x = 0; x < picture.width(); ++x) {
            *target++ = static_cast<unsigned char>(qRed(row[x]));
            *target++ = static_cast<unsigned char>(qGreen(row[x]));
            *target++ = static_cast<unsigned char>(qBlue(row[x]));
        }
    }
    auto texture = vtkSmartPointer<vtkTexture>::New();
    texture->SetInputData(data);
    texture->InterpolateOn();
    return texture;
}

vtkSmartPointer<vtkActor> skinActor(const HeightGrid& grid, QSizeF film, vtkTexture* texture) {
    vtkNew<vtkPolyDataMapper> mapper;
    mapper->SetInputData(skinData(grid, film));
    auto actor = vtkSmartPointer<vtkActor>::New();
    actor->SetMapper(mapper);
    actor->SetTexture(texture);
    actor->GetProperty()->SetAmbient(kAmbient);
    actor->GetProperty()->SetDiffuse(kDiffuse);
    actor->GetProperty()->SetSpecular(0);
    return actor;
}

// All lines at once, each in its colour.
vtkSmartPointer<vtkActor> lineActor(const std::vector<ReliefLine>& lines) {
    vtkNew<vtkPoints> points;
    vtkNew<vtkCellArray> cells;
    vtkNew<vtkUnsignedCharArray> colours;
    colours->SetNumberOfComponents(3);
    for (const ReliefLine& line : lines) {
        cells->InsertNextCell(static_cast<int>(line.points.size()));
        for (const Vector3& at : line.points) {
            cells->InsertCellPoint(points->InsertNextPoint(at.x, at.y, at.z));
            colours->InsertNextTuple3(qRed(line.colour), qGreen(line.colour), qBlue(line.colour));
        }
    }
    vtkNew<vtkPolyData> shapes;
    shapes->SetPoints(points);
    shapes->SetLines(cells);
    shapes->GetPointData()->SetScalars(colours);
    vtkNew<vtkPolyDataMapper> mapper;
    mapper->SetInputData(shapes);
    mapper->SetResolveCoincidentTopologyToPolygonOffset();
    mapper->SetRelativeCoincidentTopologyLineOffsetParameters(0, -8);
    auto actor = vtkSmartPointer<vtkActor>::New();
    actor->SetMapper(mapper);
    actor->GetProperty()->LightingOff();
    return actor;
}

// What one place shows.
struct Stage {
    LandscapePtr landscape;
    vtkSmartPointer<vtkRenderer> renderer;
    vtkSmartPointer<vtkActor> fine, coarse, lines;
};

void clear(Stage& stage) {
    for (const auto& actor : {stage.fine, stage.coarse, stage.lines})
        if (actor) stage.renderer->RemoveActor(actor);
    stage.fine = stage.coarse = stage.lines = nullptr;
    stage.landscape = nullptr;
}

void fill(Stage& stage, const LandscapePtr& landscape) {
    clear(stage);
    const QSizeF film = landscape->film->size();
    const auto texture = textureOf(landscape->skin);
    stage.landscape = landscape;
    stage.fine = skinActor(landscape->fine, film, texture);
    stage.coarse = skinActor(landscape->coarse, film, texture);
    stage.lines = lineActor(landscape->lines);
    for (const auto& actor : {stage.fine, stage.coarse, stage.lines}) stage.renderer->AddActor(actor);
}

}  // namespace

class ReliefRenderer::Private {
  public:
    explicit Private(std::unique_ptr<EglContext> made) : context(std::move(made)) {}
    ~Private() {
        const EglCurrent current(*context);
        if (!current || !window) return;
        for (Stage& stage : stages) clear(stage);
        window->Finalize();
        stages = {};
        window = nullptr;
    }
    bool prepare();
    void look(const ReliefCamera& camera, QSize size);

    std::unique_ptr<EglContext> context;
    vtkSmartPointer<vtkGenericOpenGLRenderWindow> window;
    vtkNew<vtkCamera> eye;
    std::array<Stage, kMostLandscapes> stages;
};

ReliefRenderer::ReliefRenderer(std::unique_ptr<Private> made) : d(std::move(made)) {}
ReliefRenderer::~ReliefRenderer() = default;

Result<std::unique_ptr<ReliefRenderer>> ReliefRenderer::create() {
    vtkObject::GlobalWarningDisplayOff();
    auto context = EglContext::create();
    if (!context) return context.error();
    auto made = std::make_unique<Private>(std::move(context).value());
    if (!made->prepare()) return Error{ErrorCode::Unsupported, "OpenGL could not be used for the relief view: install the package libgl1-mesa-dri."};
    return std::unique_ptr<ReliefRenderer>(new ReliefRenderer(std::move(made)));
}

bool ReliefRenderer::Private::prepare() {
    const EglCurrent current(*context);
    if (!current) return false;
    window = vtkSmartPointer<vtkGenericOpenGLRenderWindow>::New();
    window->SetOwnContext(0);
    window->SetFrameBlitModeToNoBlit();
    window->SetReadyForRendering(true);
    window->SetMapped(true);
    window->SetIsCurrent(true);
    window->SetSupportsOpenGL(1);
    window->SetIsDirect(1);
    window->SetMultiSamples(0);
    for (Stage& stage : stages) {
        stage.renderer = vtkSmartPointer<vtkRenderer>::New();
        stage.renderer->SetBackground(kGround[0], kGround[1], kGround[2]);
        stage.renderer->SetBackgroundAlpha(1);  // VTK clears it to 0
        stage.renderer->SetActiveCamera(eye);
        stage.renderer->AutomaticLightCreationOff();
        vtkNew<vtkLight> light;
        light->SetLightTypeToCameraLight();
        light->SetPosition(-0.9, 1.1, 1);
        light->SetFocalPoint(0, 0, 0);
        stage.renderer->AddLight(light);
        stage.renderer->DrawOff();
        window->AddRenderer(stage.renderer);
    }
    return true;
}

void ReliefRenderer::Private::look(const ReliefCamera& camera, QSize size) {
    const ReliefPose pose = poseOf(camera, size);
    eye->SetViewAngle(pose.verticalAngleDeg);
    eye->SetPosition(pose.eye.x, pose.eye.y, pose.eye.z);
    eye->SetFocalPoint(pose.focus.x, pose.focus.y, pose.focus.z);
    eye->SetViewUp(pose.up.x, pose.up.y, pose.up.z);
}

QImage ReliefRenderer::render(std::size_t place, const LandscapePtr& landscape, QSize size, const ReliefCamera& camera, bool isMoving) {
    const EglCurrent current(*d->context);
    if (!current) return {};
    Stage& stage = d->stages[place];
    if (stage.landscape != landscape) fill(stage, landscape);
    for (Stage& other : d->stages) other.renderer->SetDraw(&other == &stage);
    stage.fine->SetVisibility(!isMoving);
    stage.coarse->SetVisibility(isMoving);
    for (const auto& actor : {stage.fine, stage.coarse, stage.lines}) actor->SetScale(1, 1, camera.height);
    stage.renderer->SetUseFXAA(!isMoving);
    d->look(camera, size);
    stage.renderer->ResetCameraClippingRange();
    d->window->SetSize(size.width(), size.height());
    d->window->Render();
    vtkNew<vtkUnsignedCharArray> pixels;
    d->window->GetRGBACharPixelData(0, 0, size.width() - 1, size.height() - 1, 0, pixels);
    if (pixels->GetNumberOfTuples() < static_cast<vtkIdType>(size.width()) * size.height()) return {};
    const QImage upsideDown(pixels->GetPointer(0), size.width(), size.height(), size.width() * 4, QImage::Format_RGBA8888);
    return upsideDown.mirrored().convertToFormat(QImage::Format_RGB32);
}

}  // namespace cxr::ui
