/// Every endpoint of Comet's REST API, version 2, that is called: its path below `/api/rest/v2/`.
public enum CometEndpoint: String, CaseIterable, Hashable, Sendable {
  // Workspaces and projects
  case accountDetails = "account-details"
  case workspaces = "workspaces"
  case projects = "projects"
  case project = "project"

  // Reading experiments
  case experiments = "experiments"
  case experimentMetadata = "experiment/metadata"
  case metricsSummary = "experiment/metrics/summary"
  case metric = "experiment/metrics/get-metric"
  case allMetrics = "experiment/metrics/get-all"
  case parameters = "experiment/parameters"
  case others = "experiment/log-other"
  case tags = "experiment/tags"
  case html = "experiment/html"
  case output = "experiment/output"
  case code = "experiment/code"
  case systemDetails = "experiment/system-details"
  case gitMetadata = "experiment/git/metadata"
  case assets = "experiment/asset/list"
  case asset = "experiment/asset/get-asset"
  case experimentModels = "experiment/model"

  // Writing experiments
  case createExperiment = "write/experiment/create"
  case logOther = "write/experiment/log-other"
  case addTags = "write/experiment/tags"
  case logMetric = "write/experiment/metric"
  case logParameter = "write/experiment/parameter"
  case logHTML = "write/experiment/html"
  case logOutput = "write/experiment/output"
  case logCode = "write/experiment/code"
  case logSystemDetails = "write/experiment/system-details"
  case logGitMetadata = "write/experiment/git/metadata"
  case uploadAsset = "write/experiment/upload-asset"
  case heartbeat = "write/experiment/set-status"
  case updateStatus = "write/experiment/update-status"
  case setStartAndEnd = "write/experiment/set-start-end-time"

  // The registry
  case registryModels = "registry-model"
  case registryModelCount = "registry-model/count"
  case registryModelDetails = "registry-model/details"
  case registryModelVersion = "registry-model/item/details"
  case downloadRegistryModel = "registry-model/item/download"
  case createRegistryModel = "write/registry-model"
  case createRegistryModelVersion = "write/registry-model/item"
  case registerModel = "write/registry-model/item/create"
  case updateRegistryModelVersion = "write/registry-model/item/update"
  case addStage = "write/registry-model/item/stage"
  case removeStage = "write/registry-model/item/stage/delete"

  /// GET for what reads, POST for what writes, but for three that write and are GET.
  public var method: HTTPRequest.Method {
    switch self {
    case .heartbeat, .addStage, .removeStage: .get
    default: rawValue.hasPrefix("write/") ? .post : .get
    }
  }

  /// The path with the API's own before it.
  public var path: String { "/api/rest/v2/" + rawValue }
}
