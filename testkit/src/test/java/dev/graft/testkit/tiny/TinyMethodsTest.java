package dev.graft.testkit.tiny;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;
import org.junit.jupiter.api.Nested;

final class TinyMethodsTest {

  @Nested
  class OnPictures extends TransferMethodContract {
    @Override
    protected TransferMethod method() {
      return new TinyFineTune();
    }
  }

  @Nested
  class OnRows extends TransferMethodContract {
    @Override
    protected TransferMethod method() {
      return new TinyFineTune();
    }

    @Override
    protected TinyTransfer transfer() {
      return TinyTransfer.rows();
    }
  }

  @Nested
  class Addition extends TransferMethodContract {
    @Override
    protected TransferMethod method() {
      return new TinyPenalty();
    }
  }
}
