/** The elements of UBL that an invoice of EN 16931 does without, by the number of the rule UBL-CR that says so. */

/** Elements that follow each other in the schema of UBL and are left out in several places. */
const SHARED = new Map([
  [
    '@documents',
    `CopyIndicator UUID IssueDate IssueTime DocumentTypeCode DocumentType XPath LanguageID LocaleCode VersionID
     DocumentStatusCode DocumentDescription Attachment ValidityPeriod IssuerParty ResultOfVerification`,
  ],
  [
    '@party',
    `MarkCareIndicator MarkAttentionIndicator WebsiteURI LogoReferenceID IndustryClassificationCode Language`,
  ],
  [
    '@address',
    `ID AddressTypeCode AddressFormatCode Postbox Floor Room BlockName BuildingName BuildingNumber InhouseMail
     Department MarkAttention MarkCare PlotIdentification CitySubdivisionName CountrySubentityCode Region
     District TimezoneOffset`,
  ],
  [
    '@tax_scheme',
    `RegistrationName TaxLevelCode ExemptionReasonCode ExemptionReason RegistrationAddress`,
  ],
  [
    '@category',
    `Name BaseUnitMeasure PerUnitAmount TaxExemptionReasonCode TaxExemptionReason TierRange TierRatePercent`,
  ],
]);

/** First number of a rule, path of the group below the root (`/` is the root), names: one rule each, counted on. */
const TABLE = `
3 / ProfileExecutionID CopyIndicator UUID IssueTime PricingCurrencyCode PaymentCurrencyCode
     PaymentAlternativeCurrencyCode AccountingCostCode LineCountNumeric
12 InvoicePeriod StartTime EndTime DurationMeasure Description
16 OrderReference CopyIndicator UUID IssueDate IssueTime CustomerReference OrderTypeCode DocumentReference
23 BillingReference/InvoiceDocumentReference CopyIndicator UUID IssueTime DocumentTypeCode DocumentType XPath
     LanguageID LocaleCode VersionID DocumentStatusCode DocumentDescription Attachment ValidityPeriod IssuerParty
     ResultOfVerification
38 BillingReference SelfBilledInvoiceDocumentReference CreditNoteDocumentReference
     SelfBilledCreditNoteDocumentReference DebitNoteDocumentReference ReminderDocumentReference
     AdditionalDocumentReference BillingReferenceLine
45 DespatchDocumentReference @documents
61 ReceiptDocumentReference @documents
77 / StatementDocumentReference
78 OriginatorDocumentReference @documents
94 ContractDocumentReference @documents
110 AdditionalDocumentReference CopyIndicator UUID IssueDate IssueTime DocumentType XPath LanguageID LocaleCode
     VersionID DocumentStatusCode
121 AdditionalDocumentReference/Attachment/External DocumentHash HashAlgorithmMethod ExpiryDate ExpiryTime MimeCode
     FormatCode EncodingCode CharacterSetCode FileName Description
131 AdditionalDocumentReference ValidityPeriod IssuerParty ResultOfVerification
134 ProjectReference UUID IssueDate WorkPhaseReference
137 / Signature
138 AccountingSupplierParty CustomerAssignedAccountID AdditionalAccountID DataSendingCapability
141 AccountingSupplierParty/Party @party
147 AccountingSupplierParty/Party/PostalAddress @address
166 AccountingSupplierParty/Party/PostalAddress/Country Name
167 AccountingSupplierParty/Party/PostalAddress LocationCoordinate
168 AccountingSupplierParty/Party PhysicalLocation
169 AccountingSupplierParty/Party/PartyTaxScheme @tax_scheme
174 AccountingSupplierParty/Party/PartyTaxScheme/TaxScheme Name TaxTypeCode CurrencyCode JurisdictionRegionAddress
178 AccountingSupplierParty/Party/PartyLegalEntity RegistrationDate RegistrationExpirationDate CompanyLegalFormCode
     SoleProprietorshipIndicator CompanyLiquidationStatusCode CorporateStockAmount FullyPaidSharesIndicator
     RegistrationAddress CorporateRegistrationScheme HeadOfficeParty ShareholderParty
189 AccountingSupplierParty/Party/Contact ID Telefax Note OtherCommunication
193 AccountingSupplierParty/Party Person AgentParty ServiceProviderParty PowerOfAttorney FinancialAccount
198 AccountingSupplierParty DespatchContact AccountingContact SellerContact
201 AccountingCustomerParty CustomerAssignedAccountID SupplierAssignedAccountID AdditionalAccountID
204 AccountingCustomerParty/Party @party
210 AccountingCustomerParty/Party/PostalAddress @address
229 AccountingCustomerParty/Party/PostalAddress/Country Name
230 AccountingCustomerParty/Party/PostalAddress LocationCoordinate
231 AccountingCustomerParty/Party PhysicalLocation
232 AccountingCustomerParty/Party/PartyTaxScheme @tax_scheme
237 AccountingCustomerParty/Party/PartyTaxScheme/TaxScheme Name TaxTypeCode CurrencyCode JurisdictionRegionAddress
241 AccountingCustomerParty/Party/PartyLegalEntity RegistrationDate RegistrationExpirationDate CompanyLegalFormCode
     CompanyLegalForm SoleProprietorshipIndicator CompanyLiquidationStatusCode CorporateStockAmount
     FullyPaidSharesIndicator RegistrationAddress CorporateRegistrationScheme HeadOfficeParty ShareholderParty
253 AccountingCustomerParty/Party/Contact ID Telefax Note OtherCommunication
257 AccountingCustomerParty/Party Person AgentParty ServiceProviderParty PowerOfAttorney FinancialAccount
262 AccountingCustomerParty DeliveryContact AccountingContact BuyerContact
265 PayeeParty MarkCareIndicator MarkAttentionIndicator WebsiteURI LogoReferenceID EndpointID
     IndustryClassificationCode Language PostalAddress PhysicalLocation PartyTaxScheme
275 PayeeParty/PartyLegalEntity RegistrationName RegistrationDate RegistrationExpirationDate CompanyLegalFormCode
     CompanyLegalForm SoleProprietorshipIndicator CompanyLiquidationStatusCode CorporateStockAmount
     FullyPaidSharesIndicator RegistrationAddress CorporateRegistrationScheme HeadOfficeParty ShareholderParty
288 PayeeParty Contact Person AgentParty ServiceProviderParty PowerOfAttorney FinancialAccount
294 / BuyerCustomerParty SellerSupplierParty
296 TaxRepresentativeParty MarkCareIndicator MarkAttentionIndicator WebsiteURI LogoReferenceID EndpointID
     IndustryClassificationCode PartyIdentification Language
304 TaxRepresentativeParty/PostalAddress @address
323 TaxRepresentativeParty/PostalAddress/Country Name
324 TaxRepresentativeParty/PostalAddress LocationCoordinate
325 TaxRepresentativeParty PhysicalLocation
326 TaxRepresentativeParty/PartyTaxScheme @tax_scheme
331 TaxRepresentativeParty/PartyTaxScheme/TaxScheme Name TaxTypeCode CurrencyCode JurisdictionRegionAddress
335 TaxRepresentativeParty PartyLegalEntity Contact Person AgentParty ServiceProviderParty PowerOfAttorney
     FinancialAccount
342 Delivery ID Quantity MinimumQuantity MaximumQuantity ActualDeliveryTime LatestDeliveryDate LatestDeliveryTime
     ReleaseID TrackingID
351 Delivery/DeliveryLocation Description Conditions CountrySubentity CountrySubentityCode LocationTypeCode
     InformationURI Name ValidityPeriod
359 Delivery/DeliveryLocation/Address @address
378 Delivery/DeliveryLocation/Address/Country Name
379 Delivery/DeliveryLocation/Address LocationCoordinate
380 Delivery/DeliveryLocation SubsidiaryLocation LocationCoordinate
382 Delivery AlternativeDeliveryLocation RequestedDeliveryPeriod EstimatedDeliveryPeriod CarrierParty
386 Delivery/DeliveryParty MarkCareIndicator MarkAttentionIndicator WebsiteURI LogoReferenceID EndpointID
     IndustryClassificationCode PartyIdentification Language PostalAddress PhysicalLocation PartyTaxScheme
     PartyLegalEntity Contact Person AgentParty ServiceProviderParty PowerOfAttorney FinancialAccount
404 Delivery NotifyParty Despatch DeliveryTerms MinimumDeliveryUnit MaximumDeliveryUnit Shipment
410 / DeliveryTerms
411 PaymentMeans ID PaymentDueDate PaymentChannelCode InstructionID
415 PaymentMeans/CardAccount CardTypeCode ValidityStartDate ExpiryDate IssuerID IssueNumberID CV2ID CardChipCode
     ChipApplicationID
424 PaymentMeans/PayeeFinancialAccount AliasName AccountTypeCode AccountFormatCode CurrencyCode PaymentNote
429 PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch Name
430 PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/FinancialInstitution Name Address
432 PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch Address
433 PaymentMeans/PayeeFinancialAccount Country
434 PaymentMeans CreditAccount
435 PaymentMeans/PaymentMandate MandateTypeCode MaximumPaymentInstructionsNumeric MaximumPaidAmount SignatureID
     PayerParty
440 PaymentMeans/PaymentMandate/PayerFinancialAccount Name AliasName AccountTypeCode AccountFormatCode CurrencyCode
     PaymentNote FinancialInstitutionBranch Country
448 PaymentMeans/PaymentMandate ValidityPeriod PaymentReversalPeriod Clause
451 PaymentMeans TradeFinancing
452 PaymentTerms ID PaymentMeansID PrepaidPaymentReferenceID ReferenceEventCode SettlementDiscountPercent
     PenaltySurchargePercent PaymentPercent Amount SettlementDiscountAmount PenaltyAmount PaymentTermsDetailsURI
     PaymentDueDate InstallmentDueDate InvoicingPartyReference SettlementPeriod PenaltyPeriod ExchangeRate ValidityPeriod
470 / PrepaidPayment
471 AllowanceCharge ID PrepaidIndicator SequenceNumeric AccountingCostCode AccountingCost PerUnitAmount
477 AllowanceCharge/TaxCategory @category
484 AllowanceCharge/TaxCategory/TaxScheme Name TaxTypeCode CurrencyCode JurisdictionRegionAddress
488 AllowanceCharge TaxTotal PaymentMeans
490 / TaxExchangeRate PricingExchangeRate PaymentExchangeRate PaymentAlternativeExchangeRate
494 TaxTotal RoundingAmount TaxEvidenceIndicator TaxIncludedIndicator
497 TaxTotal/TaxSubtotal CalculationSequenceNumeric TransactionCurrencyTaxAmount Percent BaseUnitMeasure
     PerUnitAmount TierRange TierRatePercent
504 TaxTotal/TaxSubtotal/TaxCategory Name BaseUnitMeasure PerUnitAmount TierRange TierRatePercent
509 TaxTotal/TaxSubtotal/TaxCategory/TaxScheme Name TaxTypeCode CurrencyCode JurisdictionRegionAddress
513 / WithholdingTaxTotal
514 LegalMonetaryTotal PayableAlternativeAmount
515 Line UUID TaxPointDate AccountingCostCode PaymentPurposeCode FreeOfChargeIndicator
520 Line/InvoicePeriod StartTime EndTime DurationMeasure DescriptionCode Description
525 Line/OrderLineReference SalesOrderLineID UUID LineStatusCode OrderReference
529 Line DespatchLineReference ReceiptLineReference BillingReference
532 Line/DocumentReference CopyIndicator UUID IssueDate IssueTime
537 Line/DocumentReference DocumentType XPath LanguageID LocaleCode VersionID DocumentStatusCode DocumentDescription
     Attachment ValidityPeriod IssuerParty ResultOfVerification
548 Line PricingReference OriginatorParty Delivery PaymentTerms
552 Line/AllowanceCharge ID PrepaidIndicator SequenceNumeric AccountingCostCode AccountingCost PerUnitAmount
     TaxCategory TaxTotal PaymentMeans
561 Line TaxTotal WithholdingTaxTotal
563 Line/Item PackQuantity PackSizeNumeric CatalogueIndicator HazardousRiskIndicator AdditionalInformation Keyword
     BrandName ModelName
571 Line/Item/BuyersItemIdentification ExtendedID BarcodeSymbologyID PhysicalAttribute MeasurementDimension
     IssuerParty
576 Line/Item/SellersItemIdentification ExtendedID BarcodeSymbologyID PhysicalAttribute MeasurementDimension
     IssuerParty
581 Line/Item ManufacturersItemIdentification
582 Line/Item/StandardItemIdentification ExtendedID BarcodeSymbologyID PhysicalAttribute MeasurementDimension
     IssuerParty
587 Line/Item CatalogueItemIdentification AdditionalItemIdentification CatalogueDocumentReference
     ItemSpecificationDocumentReference
591 Line/Item/OriginCountry Name
592 Line/Item/CommodityClassification NatureCode CargoTypeCode CommodityCode
595 Line/Item TransactionConditions HazardousItem
597 Line/Item/ClassifiedTaxCategory @category
604 Line/Item/ClassifiedTaxCategory/TaxScheme Name TaxTypeCode CurrencyCode JurisdictionRegionAddress
608 Line/Item/AdditionalItemProperty ID NameCode TestMethod ValueQuantity ValueQualifier ImportanceCode ListValue
     UsabilityPeriod ItemPropertyGroup RangeDimension ItemPropertyRange
619 Line/Item ManufacturerParty InformationContentProviderParty OriginAddress ItemInstance Certificate Dimension
625 Line/Price PriceChangeReason PriceTypeCode PriceType OrderableUnitFactorRate ValidityPeriod PriceList
632 Line/Price/AllowanceCharge ID AllowanceChargeReasonCode AllowanceChargeReason MultiplierFactorNumeric
     PrepaidIndicator SequenceNumeric AccountingCostCode AccountingCost PerUnitAmount TaxCategory TaxTotal PaymentMeans
644 Line/Price PricingExchangeRate
645 Line DeliveryTerms SubInvoiceLine ItemPriceExtension
664 PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch FinancialInstitution
680 PaymentMeans PayerFinancialAccount InstructionNote
682 Delivery DeliveryAddress`;

export interface AbsentRow {
  first: number;
  /** Empty for the root. */
  path: string;
  names: string[];
}

/** A row begins with its number; the lines behind it go on with its names. */
export const ABSENT: AbsentRow[] = TABLE.split(/\n(?=\d)/)
  .map((row) => row.trim().split(/\s+/))
  .map(([first = '', path = '', ...names]) => ({
    first: Number(first),
    path: path === '/' ? '' : path,
    names: names.flatMap((name) => (SHARED.get(name) ?? name).split(/\s+/)),
  }));
