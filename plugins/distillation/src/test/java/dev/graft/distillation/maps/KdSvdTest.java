package dev.graft.distillation.maps;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class KdSvdTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new KdSvd();
  }
}
