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
  case experimentModels = "experiment/model"

  // Writing experiments
  case createExperiment = "write/experiment/create"
  case logOther = "write/experiment/log-other"
  case addTags = "write/experiment/tags"
  case logMetric = "write/experiment/metric"
  case logParameter = "write/experiment/parameter"
  case logHTML = "write/experiment/html"
  case logOutput = "write/experiment/output"
  case logSystemDetails = "write/experiment/system-details"
  case logGitMetadata = "write/experiment/git/metadata"
  case uploadAsset = "write/experiment/upload-asset"
  case heartbeat = "write/experiment/set-status"
  case updateStatus = "write/experiment/update-status"
  case setStartAndEnd = "write/experiment/set-start-end-time"

  // The registry
  case registryModels = "registry-model"
  case registryModelDetails = "registry-model/details"
  case downloadRegistryModel = "registry-model/item/download"
  case createRegistryModel = "write/registry-model"
  case createRegistryModelVersion = "write/registry-model/item"
  case registerModel = "write/registry-model/item/create"
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
