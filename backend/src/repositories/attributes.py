"""Conversion between Python's values and DynamoDB's typed attributes."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


@cache
def _serializer() -> "TypeSerializer":
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415 - boto3 is slow to import

    return TypeSerializer()


@cache
def _deserializer() -> "TypeDeserializer":
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - boto3 is slow to import

    return TypeDeserializer()


def encode(values: Mapping[str, Any]) -> "dict[str, AttributeValueTypeDef]":
    """Return the values as typed attributes."""
    serialize = _serializer().serialize
    return {name: serialize(value) for name, value in values.items()}


def decode(attributes: "Mapping[str, AttributeValueTypeDef]") -> dict[str, Any]:
    """Return the attributes as plain values; numbers are `Decimal`."""
    deserialize = _deserializer().deserialize
    return {name: deserialize(attribute) for name, attribute in attributes.items()}


def encode_key(key: tuple[str, str]) -> "dict[str, AttributeValueTypeDef]":
    """Return a key, a `PK` and an `SK`, as typed attributes."""
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}}
