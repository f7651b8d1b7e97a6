package dev.graft.server.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.server.access.Refusal;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a registry does, whatever database it is kept in. */
abstract class VersionsContract {

  private static final String DIGEST = "a".repeat(64);
  private static final String OTHER = "b".repeat(64);

  private final String model = "model-" + UUID.randomUUID();

  abstract DatabaseOptions options();

  private Versions open() throws IOException {
    return Versions.open(options(), Clock.systemUTC());
  }

  @Test
  void aVersionIsPinnedToItsDigestForEver() throws IOException {
    Versions versions = open();
    assertEquals(Optional.empty(), versions.digest(model, 1));
    versions.register(model, 1, DIGEST);
    versions.register(model, 1, DIGEST);
    Refusal refusal = assertThrows(Refusal.class, () -> versions.register(model, 1, OTHER));
    assertEquals(GrpcStatus.FAILED_PRECONDITION, refusal.status());
    assertEquals(Optional.of(DIGEST), open().digest(model, 1));
    assertEquals(OptionalInt.of(1), versions.version(model, DIGEST));
    assertEquals(OptionalInt.empty(), versions.version(model, OTHER));
  }

  @Test
  void whatWasPromotedLastAnswersAndGoingBackUndoesIt() throws IOException {
    Versions versions = open();
    assertEquals(OptionalInt.empty(), versions.promoted(model));
    for (int version : new int[] {1, 2, 3}) {
      versions.register(model, version, DIGEST);
    }
    assertEquals(new Promotion(model, 1, 0, DIGEST), versions.promote(model, 1));
    assertEquals(new Promotion(model, 3, 1, DIGEST), versions.promote(model, 3));
    assertEquals(new Promotion(model, 3, 1, DIGEST), versions.promote(model, 3));
    assertEquals(new Promotion(model, 2, 3, DIGEST), versions.promote(model, 2));
    assertEquals(OptionalInt.of(2), open().promoted(model));
    assertEquals(2, versions.promoted().get(model));
    assertEquals(3, versions.beforeLast(model));
    assertEquals(new Promotion(model, 3, 2, DIGEST), versions.rollback(model));
    assertEquals(new Promotion(model, 1, 3, DIGEST), versions.rollback(model));
    assertEquals(OptionalInt.of(1), open().promoted(model));
    assertEquals(1, open().promoted().get(model));
    Refusal refusal = assertThrows(Refusal.class, () -> versions.rollback(model));
    assertEquals(GrpcStatus.FAILED_PRECONDITION, refusal.status());
    assertThrows(Refusal.class, () -> versions.beforeLast(model));
    assertEquals(OptionalInt.of(1), versions.promoted(model));
  }

  @Test
  void whatIsNotRegisteredIsNotPromoted() throws IOException {
    Versions versions = open();
    Refusal refusal = assertThrows(Refusal.class, () -> versions.promote(model, 1));
    assertEquals(GrpcStatus.NOT_FOUND, refusal.status());
    assertEquals(OptionalInt.empty(), versions.promoted(model));
    assertFalse(versions.promoted().containsKey(model));
  }

  @Test
  void onlyWhatWasNeverPromotedIsForgotten() throws IOException {
    Versions versions = open();
    versions.register(model, 1, DIGEST);
    versions.register(model, 2, DIGEST);
    var unused = versions.promote(model, 1);
    assertFalse(versions.forget(model, 1));
    assertTrue(versions.forget(model, 2));
    assertTrue(versions.forget(model, 3), "it is not registered");
    assertEquals(Optional.of(DIGEST), versions.digest(model, 1));
    versions.register(model, 2, OTHER);
    assertEquals(Optional.of(OTHER), versions.digest(model, 2));
  }

  @Test
  void promotionsAtOnceLeaveOneAnswerAndAWholeHistory() throws Exception {
    Versions versions = open();
    int last = 8;
    for (int version = 1; version <= last; version++) {
      versions.register(model, version, DIGEST);
    }
    ExecutorService threads = Executors.newFixedThreadPool(last);
    try {
      List<Future<Promotion>> all = new ArrayList<>();
      for (int version = 1; version <= last; version++) {
        int each = version;
        all.add(threads.submit(() -> versions.promote(model, each)));
      }
      int[] followers = new int[last + 1];
      for (Future<Promotion> each : all) {
        followers[each.get().previous()]++;
      }
      // Each version but the last one was followed by exactly one, and so was the beginning.
      followers[versions.promoted(model).orElseThrow()]++;
      for (int version = 0; version <= last; version++) {
        assertEquals(1, followers[version], "followers of " + version);
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 1; i < last; i++) {
      var unused = versions.rollback(model);
    }
    assertThrows(Refusal.class, () -> versions.rollback(model));
  }
}
