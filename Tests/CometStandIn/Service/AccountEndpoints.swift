extension Endpoint {
  /// Who the key belongs to, workspaces and projects.
  static let account: [Endpoint] = [
    .get("account-details") { state, _ in
      .json(["userName": "demo", "defaultWorkspaceName": .string(state.workspaces[0])])
    },
    .get("workspaces") { state, _ in .json(["workspaceNames": .init(state.workspaces)]) },
    .get("projects", [.required("workspaceName", .name)]) { state, call throws(Refusal) in
      let workspace = try state.workspace(try call.required("workspaceName"))
      let projects = state.projects.filter { $0.workspace == workspace }
      return .json(["projects": .array(projects.map(state.json(of:)))])
    },
    .get("project", projectFields) { state, call throws(Refusal) in
      .json(state.json(of: try state.project(of: call)))
    },
    .get("project/notes", [.required("projectId", .name)]) { state, call throws(Refusal) in
      .json(["notes": .string(try state.project(of: call).notes)])
    },
    .get(
      "experiments",
      projectFields + [
        .optional("archived", .flag), .optional("page", .integer), .optional("size", .integer),
        .optional("sortBy", .name), .optional("sortOrder", .name),
      ]
    ) { state, call throws(Refusal) in
      .json(["experiments": .array(try state.experimentPage(call).map { state.json(of: $0) })])
    },
    .post(
      "write/project/create",
      [
        .required("workspaceName", .name), .required("projectName", .name),
        .nullable("projectDescription", .text), .nullable("isPublic", .flag),
      ]
    ) { state, call throws(Refusal) in
      let (workspace, name) = (call.text("workspaceName") ?? "", call.text("projectName") ?? "")
      guard !state.projects.contains(where: { $0.workspace == workspace && $0.name == name }) else {
        throw Refusal("project \(workspace)/\(name) exists already")
      }
      let project = try state.ensureProject(workspace: workspace, name: name, now: call.now)
      let index = state.projects.count - 1
      state.projects[index].description = call.text("projectDescription") ?? ""
      state.projects[index].isPublic = call.flag("isPublic") ?? false
      return .json(["projectId": .string(project.id)])
    },
    .post(
      "write/project/notes", [.required("projectId", .name), .required("notes", .text)]
    ) { state, call throws(Refusal) in
      let project = try state.project(of: call)
      for index in state.projects.indices where state.projects[index].id == project.id {
        state.projects[index].notes = try call.required("notes")
      }
      return .saved
    },
  ]

  private static let projectFields: [Field] = [
    .optional("projectId", .name), .optional("workspaceName", .name),
    .optional("projectName", .name),
  ]
}

extension ServiceState {
  fileprivate func json(of project: Project) -> JSONValue {
    [
      "projectId": .string(project.id),
      "projectName": .string(project.name),
      "ownerUserName": "demo",
      "projectDescription": .string(project.description),
      "workspaceName": .string(project.workspace),
      "numberOfExperiments": .init(experiments.values.count { $0.projectID == project.id }),
      "lastUpdated": .init(project.lastUpdated),
      "public": .init(project.isPublic),
    ]
  }

  /// A project's experiments, sorted and cut to the page that was asked for.
  fileprivate func experimentPage(_ call: Call) throws(Refusal) -> [Experiment] {
    let project = try project(of: call)
    let archived = call.flag("archived") ?? false
    var page = experimentKeys.compactMap { experiments[$0] }
      .filter { $0.projectID == project.id && $0.isArchived == archived }
    if let field = call.text("sortBy") {
      guard ["startTime", "endTime"].contains(field) else {
        throw Refusal("sortBy: expected startTime or endTime, found \"\(field)\"")
      }
      guard let order = call.text("sortOrder"), ["asc", "desc"].contains(order) else {
        throw Refusal("sortBy needs sortOrder, asc or desc")
      }
      func time(_ experiment: Experiment) -> Int {
        field == "startTime" ? experiment.start : experiment.end ?? 0
      }
      // Equal times keep the order of making.
      let sorted = page.enumerated().sorted {
        let (one, other) = (time($0.element), time($1.element))
        return one == other ? $0.offset < $1.offset : (one < other) == (order == "asc")
      }
      page = sorted.map(\.element)
    }
    guard let number = call.int("page") else { return page }
    guard number >= 1, let size = call.int("size"), size >= 1 else {
      throw Refusal("page starts at 1 and needs a size of at least 1")
    }
    return Array(page.dropFirst((number - 1) * size).prefix(size))
  }

  func json(of experiment: Experiment) -> JSONValue {
    [
      "experimentKey": .string(experiment.key),
      "experimentName": .init(experiment.name),
      "optimizationId": nil,
      "userName": "demo",
      "projectId": .string(experiment.projectID),
      "projectName": .string(experiment.projectName),
      "workspaceName": .string(experiment.workspace),
      "filePath": .init(experiment.filePath),
      "fileName": .init(experiment.filePath?.split(separator: "/").last.map(String.init)),
      "throttle": false,
      "durationMillis": .init(max(0, (experiment.end ?? experiment.start) - experiment.start)),
      "startTimeMillis": .init(experiment.start),
      "endTimeMillis": .init(experiment.end ?? 0),
      "archived": .init(experiment.isArchived),
      "running": .init(experiment.isRunning),
      "hasCrashed": .init(experiment.hasCrashed),
    ]
  }
}
