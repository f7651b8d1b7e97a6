package dev.graft.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Empty;
import dev.graft.server.access.Tokens;
import dev.graft.server.jobs.FakeGraft;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.protocol.Inference;
import dev.graft.server.protocol.transfer.TransferProto;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.StatusException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may make which call: each is asked with the token of each role, a wrong one and none. */
@Timeout(300)
class RolesTest {

  /** Calls and paths with who may ask them. */
  private static final String CALLS =
      """
      inference.GRPCInferenceService/ServerLive everybody
      inference.GRPCInferenceService/ServerReady everybody
      inference.GRPCInferenceService/ModelReady infer
      inference.GRPCInferenceService/ServerMetadata infer
      inference.GRPCInferenceService/ModelMetadata infer
      inference.GRPCInferenceService/ModelConfig infer
      inference.GRPCInferenceService/ModelInfer infer
      inference.GRPCInferenceService/ModelStreamInfer infer
      inference.GRPCInferenceService/ModelStatistics infer
      inference.GRPCInferenceService/RepositoryIndex infer
      inference.GRPCInferenceService/RepositoryModelLoad manage
      inference.GRPCInferenceService/RepositoryModelUnload manage
      graft.v1.TransferService/ListNames train
      graft.v1.TransferService/Fit train
      graft.v1.TransferService/Watch train
      graft.v1.TransferService/Cancel train
      graft.v1.TransferService/ListJobs train
      graft.v1.TransferService/GetReport train
      graft.v1.TransferService/Plan train
      graft.v1.TransferService/Rank train
      graft.v1.TransferService/Promote manage
      graft.v1.TransferService/Rollback manage
      graft.v1.TransferService/Audit train
      graft.v1.TransferService/Explain train
      grpc.health.v1.Health/Check everybody
      grpc.health.v1.Health/List everybody
      GET /v2/health/live everybody
      GET /v2/health/ready everybody
      GET /page/ everybody
      GET /v2 infer
      GET /v2/models/pictures infer
      GET /v2/models/pictures/versions/1 infer
      GET /v2/models/pictures/config infer
      GET /v2/models/pictures/versions/1/config infer
      GET /v2/models/pictures/ready infer
      GET /v2/models/pictures/versions/1/ready infer
      POST /v2/models/pictures/infer infer
      POST /v2/models/pictures/versions/1/infer infer
      POST /v2/repository/index infer
      POST /v2/repository/models/nobody/load manage
      POST /v2/repository/models/nobody/unload manage
      GET /metrics infer
      POST /graft/v1/ListNames train
      POST /graft/v1/Fit train
      POST /graft/v1/Watch train
      POST /graft/v1/Cancel train
      POST /graft/v1/ListJobs train
      POST /graft/v1/GetReport train
      POST /graft/v1/Plan train
      POST /graft/v1/Rank train
      POST /graft/v1/Promote manage
      POST /graft/v1/Rollback manage
      POST /graft/v1/Audit train
      POST /graft/v1/Explain train
      """;

  private static final List<String> ROLES = List.of("infer", "train", "manage");
  private static final List<String> TOKENS = List.of("reader", "trainer", "keeper");
  private static final Set<GrpcStatus> REFUSALS =
      Set.of(GrpcStatus.UNAUTHENTICATED, GrpcStatus.PERMISSION_DENIED);

  @TempDir static Path temp;
  private static Fixture fixture;
  private static HttpClient http;

  @BeforeAll
  static void start() throws Exception {
    Path models = temp.resolve("models");
    Fixture.bundle(models.resolve("pictures"), 1);
    TrainingOptions training =
        TrainingOptions.of(
            Files.createDirectories(temp.resolve("bases")),
            Files.createDirectories(temp.resolve("data")),
            temp.resolve("jobs"),
            FakeGraft.command());
    fixture =
        new Fixture(ServerOptions.of(models).withTokens(Tokens.write(temp)).withTraining(training));
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() throws Exception {
    fixture.close();
  }

  static Stream<String> calls() {
    return CALLS.lines();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void whoMayMakeIt(String line) throws Exception {
    int space = line.lastIndexOf(' ');
    String call = line.substring(0, space);
    int needed = ROLES.indexOf(line.substring(space + 1)); // -1 for everybody
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (int i = 0; i < TOKENS.size(); i++) {
      expected.add(TOKENS.get(i) + (i >= needed ? " may" : " PERMISSION_DENIED"));
      actual.add(TOKENS.get(i) + " " + answer(call, TOKENS.get(i)));
    }
    for (String token : new String[] {"nobody", null}) {
      expected.add(token + (needed < 0 ? " may" : " UNAUTHENTICATED"));
      actual.add(token + " " + answer(call, token));
    }
    assertEquals(expected, actual);
  }

  /** A call of which nothing is said is refused for that, once it is let in. */
  private static String answer(String call, String token) throws Exception {
    int space = call.indexOf(' ');
    return space < 0
        ? grpc(call, token)
        : rest(call.substring(0, space), call.substring(space + 1), token);
  }

  private static String grpc(String call, String token) throws Exception {
    int slash = call.indexOf('/');
    Empty empty = Empty.getDefaultInstance();
    try {
      var unused =
          fixture.call(call.substring(0, slash), call.substring(slash + 1), empty, empty, token);
      return "may";
    } catch (ExecutionException e) {
      GrpcStatus status = ((StatusException) e.getCause()).status();
      return REFUSALS.contains(status) ? status.name() : "may";
    }
  }

  private static String rest(String method, String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(fixture.uri(path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("authorization", "Bearer " + token);
    }
    int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    return switch (status) {
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      default -> "may";
    };
  }

  @Test
  void everyCallOfTheProtocolsIsInTheTable() {
    Set<String> grpc = new TreeSet<>();
    Set<String> rest = new TreeSet<>();
    ServiceDescriptor inference =
        Inference.getDescriptor().findServiceByName("GRPCInferenceService");
    ServiceDescriptor transfer = TransferProto.getDescriptor().findServiceByName("TransferService");
    for (ServiceDescriptor service : List.of(inference, transfer)) {
      service.getMethods().forEach(call -> grpc.add(service.getFullName() + "/" + call.getName()));
    }
    transfer.getMethods().forEach(call -> rest.add("POST /graft/v1/" + call.getName()));
    Set<String> table =
        CALLS
            .lines()
            .map(line -> line.substring(0, line.lastIndexOf(' ')))
            .collect(Collectors.toSet());
    grpc.removeAll(table);
    rest.removeAll(table);
    assertEquals(Set.of(), grpc);
    assertEquals(Set.of(), rest);
  }
}
