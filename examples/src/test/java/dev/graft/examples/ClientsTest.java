package dev.graft.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.client.Infer;
import dev.graft.Graft;
import dev.graft.bundle.Bundle;
import dev.graft.infer.Prediction.Candidate;
import dev.graft.infer.Predictor;
import dev.graft.plan.Plan;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.server.GraftServer;
import dev.graft.server.ServerOptions;
import dev.graft.spi.TransferMethod;
import dev.graft.tensor.HostTensor;
import dev.graft.testkit.SharedFolder;
import dev.graft.testkit.tiny.TinyImages;
import dev.graft.testkit.tiny.TinyTransfer;
import dev.graft.train.TrainJob;
import dev.graft.train.Trainer;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * The clients of {@code examples/clients}, each in a process of its own, ask a server about
 * pictures and say what is on them. Where the programs for one are missing its test is aborted with
 * a message, and fails where the environment says {@code CI=true}; where npm reaches no registry,
 * which is no fault of the client, it is aborted everywhere.
 */
@Timeout(300)
final class ClientsTest {

  private static final String MODEL = "pictures";
  private static final TinyImages PICTURES = new TinyImages(5, 5);

  /** One that the model takes for each of the classes. */
  private static final List<Integer> ASKED = List.of(2, 3, 4);

  /** Clients print three digits. */
  private static final double TOLERANCE = 0.001;

  private static final Pattern ROW = Pattern.compile("(\\w+) ([01]\\.\\d{3})");
  private static final Path PROTO = Path.of("vertx-server/src/main/proto");
  private static final Path CLIENTS = Path.of("examples/clients");

  @TempDir private static Path temp;

  private static final Registry REGISTRY = Graft.create().registry();
  private static final Vertx VERTX = Vertx.vertx();
  private static final List<String> FILES = new ArrayList<>();
  private static final List<Candidate> EXPECTED = new ArrayList<>();
  private static String address;

  @BeforeAll
  static void start() throws Exception {
    Path bundle = temp.resolve("models").resolve(MODEL);
    train(bundle);
    try (Predictor predictor = Predictor.open(Bundle.open(bundle), REGISTRY)) {
      for (int index : ASKED) {
        HostTensor image = PICTURES.load(index).get("image");
        byte[] bytes = new byte[(int) image.count()];
        image.data().get(bytes);
        FILES.add(Files.write(temp.resolve("picture-" + index), bytes).toString());
        EXPECTED.add(predictor.predict("direct", bytes, 1).top().get(0));
      }
    }
    assertEquals(3, EXPECTED.stream().map(Candidate::label).distinct().count(), "of " + EXPECTED);
    ServerOptions options = ServerOptions.of(temp.resolve("models"));
    GraftServer server = new GraftServer(options.withAddress(ServerOptions.LOOPBACK, 0), REGISTRY);
    VERTX.deployVerticle(server).toCompletionStage().toCompletableFuture().get();
    address = ServerOptions.LOOPBACK + ":" + server.port();
  }

  private static void train(Path folder) throws IOException {
    TinyTransfer transfer = TinyTransfer.pictures();
    TransferMethod method = REGISTRY.get(TransferMethod.class, "linear-probe");
    Plan plan =
        transfer.plan(
            1, List.of(method), List.of(Settings.NONE.checked("method", method.settings())));
    TrainJob job = transfer.job(plan, temp.resolve("run"), REGISTRY);
    try (Trainer trainer = new Trainer(job)) {
      assertTrue(trainer.run().completed());
      Bundle unused = transfer.bundle(folder, plan, trainer.model());
    }
  }

  @AfterAll
  static void stop() throws Exception {
    VERTX.close().toCompletionStage().toCompletableFuture().get();
  }

  /** A program with its first arguments, and what its environment has besides. */
  private record Client(List<String> command, Map<String, String> environment) {

    Said ask(String model) throws Exception {
      List<String> words = new ArrayList<>(command);
      words.add(address);
      words.add(model);
      words.addAll(FILES);
      return run(words, environment);
    }

    void check() throws Exception {
      Said answered = ask(MODEL);
      assertEquals(0, answered.status(), answered::toString);
      List<String> said = answered.output().lines().toList();
      assertEquals("models: pictures 1", said.get(0));
      assertEquals("input content: BYTES [-1]", said.get(1));
      assertEquals("input pixels: FP32 [-1, 3, 8, 8]", said.get(2));
      List<String> rows = new ArrayList<>();
      for (int i = 0; i < FILES.size(); i++) {
        String line = said.get(3 + i);
        assertTrue(line.startsWith(FILES.get(i) + ": "), line);
        rows.add(line.substring(FILES.get(i).length() + 2));
      }
      checkRows(rows);
      String batch = said.get(3 + FILES.size());
      assertTrue(batch.startsWith("batch: "), batch);
      checkRows(List.of(batch.substring("batch: ".length()).split(", ")));
      Said refused = ask("absent");
      assertEquals(1, refused.status(), refused::toString);
      assertTrue(
          refused.errors().lines().anyMatch(line -> line.matches("NOT_FOUND: .*absent.*")),
          refused::toString);
    }

    private static void checkRows(List<String> rows) {
      assertEquals(FILES.size(), rows.size());
      for (int i = 0; i < rows.size(); i++) {
        Matcher row = ROW.matcher(rows.get(i));
        assertTrue(row.matches(), rows.get(i));
        assertEquals(EXPECTED.get(i).label(), row.group(1));
        double probability = EXPECTED.get(i).probability();
        assertEquals(probability, Double.parseDouble(row.group(2)), TOLERANCE);
      }
    }
  }

  @Test
  void java() throws Exception {
    // Its own messages first: the server has classes of the same names.
    Path own = Path.of(Infer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String classPath = own + File.pathSeparator + System.getProperty("java.class.path");
    String program = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    new Client(List.of(program, "-Xmx256m", "-cp", classPath, Infer.class.getName()), Map.of())
        .check();
  }

  @Test
  void python() throws Exception {
    String python = pythonWithGrpc();
    Path root = SharedFolder.root();
    Path stubs = Files.createDirectories(temp.resolve("stubs"));
    Said made =
        run(
            List.of(
                python,
                "-m",
                "grpc_tools.protoc",
                "-I",
                root.resolve(PROTO).toString(),
                "--python_out=" + stubs,
                "--grpc_python_out=" + stubs,
                "inference.proto"),
            Map.of());
    assertEquals(0, made.status(), made::toString);
    String script = root.resolve(CLIENTS).resolve("python/infer.py").toString();
    new Client(List.of(python, script), Map.of("PYTHONPATH", stubs.toString())).check();
  }

  /** Debian's first: another one may come before it on the path and know nothing of gRPC. */
  private static String pythonWithGrpc() throws Exception {
    for (String python : List.of("/usr/bin/python3", "python3")) {
      if (works(List.of(python, "-c", "import grpc, grpc_tools.protoc"))) {
        return python;
      }
    }
    throw absent("Python with gRPC", "python3-grpcio, python3-grpc-tools");
  }

  @Test
  void node() throws Exception {
    if (!works(List.of("node", "--version")) || !works(List.of("npm", "--version"))) {
      throw absent("Node", "nodejs, npm");
    }
    // A copy, because packages are installed beside the program.
    for (Path file :
        List.of(
            CLIENTS.resolve("node/infer.js"),
            CLIENTS.resolve("node/package.json"),
            PROTO.resolve("inference.proto"))) {
      Files.createDirectories(temp.resolve(file).getParent());
      Files.copy(SharedFolder.root().resolve(file), temp.resolve(file));
    }
    String folder = temp.resolve(CLIENTS).resolve("node").toString();
    List<String> install =
        List.of(
            "npm",
            "install",
            "--prefix",
            folder,
            "--no-audit",
            "--no-fund",
            "--prefer-offline",
            "--fetch-retries=0",
            "--fetch-timeout=30000");
    Said installed = run(install, Map.of());
    if (installed.status() != 0) {
      throw new TestAbortedException("npm fetched no packages: " + installed.errors());
    }
    new Client(List.of("node", folder + "/infer.js"), Map.of()).check();
  }

  private static TestAbortedException absent(String what, String packages) {
    String message =
        "%s is absent: install it (Debian: %s) to run this test".formatted(what, packages);
    if ("true".equalsIgnoreCase(System.getenv("CI"))) {
      Assertions.fail(message + " (CI=true forbids skipping it)");
    }
    return new TestAbortedException(message);
  }

  private static boolean works(List<String> command) throws Exception {
    try {
      return run(command, Map.of()).status() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** How a program ended and what it said. */
  private record Said(int status, String output, String errors) {}

  private static Said run(List<String> command, Map<String, String> environment) throws Exception {
    Path output = Files.createTempFile(temp, "output", ".txt");
    Path errors = Files.createTempFile(temp, "errors", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), () -> "no end of " + command);
    } finally {
      process.destroyForcibly();
    }
    return new Said(process.exitValue(), Files.readString(output), Files.readString(errors));
  }
}
